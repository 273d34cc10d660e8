/** Finding and working many cases: the search of the header, lists under a name, one step on several, files. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expectAccessible } from './access'
import { report } from './casework'
import { expect, test } from './city'
import { button, expectNarrow } from './console'
import { face, say } from './words'

const words = '喷泉漏电'

test('two characters find a case; a list is saved, worked at once, and taken along', async ({ city, browser }) => {
  const page = await city.staff(browser, 'dispatcher')
  const taken = []
  for (const at of ['一', '二', '三']) taken.push(await report(city, page.request, { description: `${words}，围栏破损，第${at}处` }))

  await page.goto('/console/')
  const box = page.getByRole('combobox', { name: face('zh', 'ui.shell.search') })
  await box.fill('喷泉')
  const found = page.locator('#search-found').getByRole('option').filter({ hasText: taken[2]!.number })
  await expect(found).toBeVisible()
  await expectAccessible(page, 'what the header finds')
  await box.press('Escape')
  await box.fill(words)
  await expect(found).toBeVisible()
  await found.click()
  await expect(page.locator('#moves')).toBeVisible()

  await page.goto(`/console/inbox?view=all&q=${encodeURIComponent(words)}`)
  await expect(page.getByRole('row').filter({ hasText: words })).toHaveCount(3)
  await save(page, words)
  await page.goto('/console/inbox')
  await button(page, face('zh', 'ui.view.title')).click()
  await button(page, words).click()
  await expect(page).toHaveURL(/view=all/)
  await expect(page.getByRole('row').filter({ hasText: words })).toHaveCount(3)

  for (const one of taken.slice(0, 2))
    await page.getByRole('checkbox', { name: face('zh', 'ui.list.choose').replace('{number}', one.number) }).check()
  const establish = face('zh', 'ui.bulk.fits', { verb: await say(city, 'zh', 'grid.incident.verb.establish'), n: 2 })
  const bar = page.getByRole('region', { name: face('zh', 'ui.bulk.title') })
  await button(bar, establish).click()
  await expectAccessible(page, 'a step on several')
  await button(page, face('zh', 'ui.bulk.go', { n: 2 })).click()
  await expect(page.locator('.el-dialog:visible')).toContainText(face('zh', 'ui.bulk.result', { taken: 2, refused: 0 }))
  await button(page, face('zh', 'ui.do.understood')).click()
  await expect(page.getByRole('row').filter({ hasText: await say(city, 'zh', 'grid.incident.state.established') })).toHaveCount(2)
  await expectAccessible(page, 'a list')

  const csv = (await download(page, face('zh', 'ui.list.csv'))).toString('utf8')
  for (const one of taken) expect(csv).toContain(one.number)
  const xlsx = await download(page, face('zh', 'ui.list.xlsx'))
  expect(xlsx.subarray(0, 2).toString('latin1'), 'a spreadsheet is a zip').toBe('PK')
})

test('on a phone a list is cards, and its filters fit', async ({ city, browser }) => {
  const page = await city.staff(browser, 'subdistrict_officer', { lang: 'en', phone: true })
  await page.goto('/console/inbox?view=all')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await button(page, face('en', 'ui.list.more')).click()
  await expectNarrow(page, 'an inbox with all filters')
  await expectAccessible(page, 'an inbox with all filters on a phone')
})

/** Saves the list as it is under a name. */
async function save(page: Page, name: string): Promise<void> {
  await button(page, face('zh', 'ui.view.title')).click()
  await button(page, face('zh', 'ui.view.save')).click()
  const dialog = page.getByRole('dialog', { name: face('zh', 'ui.view.save') })
  await dialog.locator('#view-name').fill(name)
  await expectAccessible(page, 'the name of a list')
  await button(dialog, face('zh', 'ui.do.save')).click()
  await expect(dialog).toBeHidden()
}

async function download(page: Page, format: string): Promise<Buffer> {
  await button(page, face('zh', 'ui.list.export')).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format, exact: true }).click()
  return readFileSync(await (await coming).path())
}
