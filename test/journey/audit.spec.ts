/** The audit log in the console: searched, exported and verified by an auditor. */
import { readFileSync } from 'node:fs'
import { expectAccessible } from './access'
import { expect, test } from './city'
import { button, choose, expectNarrow } from './console'
import { face, say } from './words'

test('an auditor finds who signed in, exports the records and verifies the log against a kept head', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'auditor', { lang })
  const { account } = await (await page.request.get('/api/v1/session')).json()
  await page.goto('/console/audit')
  await choose(page, page, face(lang, 'ui.audit.kind'), await say(city, lang, 'audit.action.access.sign_in'))
  await page.getByLabel(face(lang, 'ui.audit.actor')).fill(account.name)
  await button(page, face(lang, 'ui.do.search')).click()
  const rows = page.locator('tbody tr')
  await expect(rows.first()).toContainText(account.name)
  await expect(rows.first()).toContainText(await say(city, lang, 'audit.action.access.sign_in'))
  await expectAccessible(page, 'the audit log')

  const [exported] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: face(lang, 'ui.audit.export'), exact: true }).click(),
  ])
  expect(readFileSync(await exported.path(), 'utf8')).toContain(account.name)
  // A young city seals its records in the background; before that a head covers nothing.
  await expect.poll(async () => (await (await page.request.get('/api/v1/audit/state')).json()).size).toBeGreaterThan(0)
  const [head] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: face(lang, 'ui.audit.head'), exact: true }).click(),
  ])

  await button(page, face(lang, 'ui.audit.verify')).click()
  await expect(page.locator('.notice.done')).toBeVisible()
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'head.txt', mimeType: 'text/plain', buffer: readFileSync(await head.path()) })
  await expect(page.locator('.notice.done')).toContainText(face(lang, 'ui.audit.contains', { n: 2 }).split('2')[1]!.trim())
  await page.locator('input[type=file]').setInputFiles({ name: 'head.txt', mimeType: 'text/plain', buffer: Buffer.from('no head') })
  await expect(page.getByRole('alert')).toContainText(await say(city, lang, 'error.audit.head'))

  await page.setViewportSize({ width: 390, height: 844 })
  await expectNarrow(page, 'the audit log')
  await expectAccessible(page, 'the audit log on a phone')
})
