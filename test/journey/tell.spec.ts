/** Telling people outside the platform: a resident by SMS as they consented, and staff of their warnings. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test as base } from '@playwright/test'
import { expectAccessible } from './access'
import { step } from './casework'
import { City, expect, type CityOptions } from './city'
import { button, choose, chooseArea, expectNarrow } from './console'
import { follow } from './portal'
import { serveDemo } from './server'
import { face, say } from './words'

interface Delivered {
  id: string
  to: string
  text: string
  key: string
}

/** A city with a gateway for SMS of its own, which takes every message and keeps it. */
const test = base.extend<object, CityOptions & { city: City; sent: Delivered[] }>({
  engine: ['sqlite', { scope: 'worker', option: true }],
  cases: [60, { scope: 'worker', option: true }],
  sent: [async ({}, use) => use([]), { scope: 'worker' }],
  city: [
    async ({ engine, cases, sent }, use) => {
      const gateway = createServer((request, answer) => {
        let body = ''
        request.on('data', (part) => (body += part))
        request.on('end', () => {
          sent.push({ ...JSON.parse(body), key: request.headers['idempotency-key'] })
          answer.writeHead(202).end()
        })
      })
      await new Promise<void>((ready) => gateway.listen(0, '127.0.0.1', ready))
      const server = await serveDemo(engine, cases, { LINLI_SMS_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/sms` })
      const site = await (await fetch(`${server.url}/api/v1/site`)).json()
      await use(new City(server.url, site.demoAccounts))
      await server.stop()
      gateway.close()
    },
    { scope: 'worker', timeout: 200_000 },
  ],
})

const phone = '19900004321'

test('a resident consents to SMS at the window and is told of each step once, until they stop it', async ({ city, sent, browser }) => {
  const lang = 'en'
  const to = () => sent.filter((m) => m.to === phone)
  const window = await city.staff(browser, 'window_worker', { lang, phone: true })
  await window.goto('/console/grid/new')
  await choose(window, window, face(lang, 'ui.report.category'), /./)
  await window.locator('#report-description').fill('楼道感应灯坏了三盏')
  await window.locator('#report-place').fill('6 号楼 1 单元')
  await window.locator('#report-name').fill('李梅')
  await window.locator('#report-phone').fill(phone)
  await window.getByText(face(lang, 'ui.tell.sms'), { exact: true }).click()
  await expect(window.getByRole('radio', { name: '中文' }), 'the resident is told in Chinese, whatever the worker reads').toBeChecked()
  await chooseArea(window, window, face(lang, 'ui.report.area'), city.account('grid_worker').area.slice(0, 12))
  await expectAccessible(window, 'consent at the window')
  await expectNarrow(window, 'consent at the window')
  await button(window, face(lang, 'ui.report.send')).click()
  const code = (await window.locator('.receipt .code').innerText()).trim()
  const id = (await window.getByRole('link', { name: face(lang, 'ui.receipt.open'), exact: true }).getAttribute('href'))!.split('/').at(-1)!

  await expect.poll(() => to().length, { timeout: 15_000 }).toBe(1)
  expect(to()[0]!.text).toContain(await say(city, 'zh', 'grid.incident.did.report'))
  const dispatcher = await city.staff(browser, 'dispatcher')
  await step(dispatcher.request, id, 'establish')
  await expect.poll(() => to().length, { timeout: 15_000 }).toBe(2)
  expect(to()[1]!.text).toContain(await say(city, 'zh', 'grid.incident.did.establish'))
  expect(to()[1]!.text, 'neither who it is about nor what').not.toMatch(/李梅|感应灯/)

  const operator = await city.staff(browser, 'system_administrator')
  await operator.goto('/console/messages')
  const rows = operator.getByRole('row').filter({ hasText: '199****4321' })
  await expect(rows).toHaveCount(2)
  await expect(rows.filter({ hasText: await say(city, 'zh', 'notify.state.sent') }), 'both are shown as delivered').toHaveCount(2)
  await expectAccessible(operator, 'messages that were delivered')
  await dispatcher.goto(`/console/cases/${id}`)
  await expect(dispatcher.locator('section[aria-labelledby=timeline]')).toContainText(await say(city, 'zh', 'notify.state.sent'))

  const resident = await city.resident(browser, { javaScriptEnabled: false, phone: true })
  await follow(resident, code)
  await resident
    .getByRole('button', {
      name: (await say(city, 'zh', 'casework.page.tell_stop')).replace('{channel}', await say(city, 'zh', 'notify.channel.sms')),
    })
    .click()
  const { grants } = await (await dispatcher.request.get('/api/v1/session')).json()
  await step(dispatcher.request, id, 'dispatch', { unit: grants[0].bodyId })
  await operator.reload()
  await expect(rows, 'a step after that leaves no message').toHaveCount(2)
  expect(to()).toHaveLength(2)
  expect(new Set(to().map((m) => m.key)).size, 'each under a key of its own').toBe(2)
})

test('a head has warnings sent to a number that a code confirms, and stops it', async ({ city, sent, browser }) => {
  const lang = 'zh'
  const page = await city.staff(browser, 'department_head', { lang, phone: true })
  await page.goto('/console/safety')
  const panel = page.locator('#told')
  await panel.locator('#to-sms').fill('19900008765')
  await button(panel, face(lang, 'ui.told.ask')).first().click()
  await expect.poll(() => sent.filter((m) => m.to === '19900008765').length, { timeout: 15_000 }).toBe(1)
  const code = sent.find((m) => m.to === '19900008765')!.text.match(/\d{8}/)![0]
  await panel.locator('#code-sms').fill('1'.repeat(8))
  await button(panel, face(lang, 'ui.factor.confirm')).click()
  await expect(panel.getByRole('alert')).toBeVisible()
  await panel.locator('#code-sms').fill(code)
  await expectAccessible(page, 'a code for warnings')
  await button(panel, face(lang, 'ui.factor.confirm')).click()
  await expect(panel.getByText(face(lang, 'ui.told.stateOn'), { exact: true })).toBeVisible()
  await expect(panel).toContainText('199****8765')
  await expectNarrow(page, 'how warnings are told')
  await expectAccessible(page, 'how warnings are told')
  await button(panel, face(lang, 'ui.told.end')).click()
  await page
    .locator('.el-message-box')
    .getByRole('button', { name: face(lang, 'ui.told.end'), exact: true })
    .click()
  await expect(panel.locator('#to-sms')).toBeVisible()
})
