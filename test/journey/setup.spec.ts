/** A city of one's own: empty, without any password, set up once through the link that the program printed. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '@playwright/test'
import type { CityOptions } from './city'
import { serveEmpty, type Server } from './server'
import { face } from './words'

const test = base.extend<object, CityOptions & { empty: Server }>({
  engine: ['sqlite', { scope: 'worker', option: true }],
  cases: [0, { scope: 'worker', option: true }],
  empty: [
    async ({ engine }, use) => {
      const server = await serveEmpty(engine)
      await use(server)
      await server.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

const register = `code,name,level,parent
3207,连云港市,2,32
320703,连云区,3,3207
320703001,墟沟街道,4,320703
320703001007,院前社区居委会,5,320703001
`

/** The code of RFC 6238 for the current half minute, as an authenticator app shows it. */
function oneTimeCode(secret: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/\s|=/g, '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const sum = createHmac('sha1', key).update(counter).digest()
  const at = sum[19]! & 15
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('an operator loads the register and becomes its administrator, once', async ({ empty, browser }) => {
  const folder = mkdtempSync(join(tmpdir(), 'linli-register-'))
  const file = join(folder, 'areas.csv')
  writeFileSync(file, register)
  empty.run('import', 'areas', file)
  rmSync(folder, { recursive: true })

  const link = /http\S+\/console\/setup\?token=\S+/.exec(empty.told())?.[0]
  expect(link, 'the program prints the link').toBeTruthy()
  const page = await (await browser.newContext({ baseURL: empty.url, locale: 'zh-CN' })).newPage()
  await page.goto(link!)
  await page.locator('#su-name').fill('周敏')
  await page.locator('#su-login').fill('zhoumin')
  await page.locator('#su-pw').fill('yuanqian-2026-nanxiang')
  await page.locator('#su-again').fill('yuanqian-2026-nanxiang')
  await page.getByRole('button', { name: face('zh', 'ui.setup.do'), exact: true }).click()

  // An administrator goes on only with a second factor.
  await page.getByRole('button', { name: face('zh', 'ui.factor.addApp'), exact: true }).click()
  const secret = await page.locator('.offer code').innerText()
  await page.locator('.offer input').fill(oneTimeCode(secret))
  await page.getByRole('button', { name: face('zh', 'ui.factor.confirm'), exact: true }).click()
  await expect(page.getByText(face('zh', 'ui.recovery.shown'))).toBeVisible()
  await page.getByRole('button', { name: face('zh', 'ui.recovery.kept'), exact: true }).click() // leaving before would ask
  await expect(page.getByRole('link', { name: face('zh', 'ui.nav.accounts') })).toBeVisible()

  await page.getByRole('link', { name: face('zh', 'ui.nav.accounts') }).click()
  await page.getByRole('button', { name: face('zh', 'ui.account.new'), exact: true }).click()
  await page.locator('#na-name').fill('林辉')
  await page.locator('#na-login').fill('linhui')
  await page.locator('#na-pw').fill('chuangkou-2026-yuanqian')
  await page
    .locator('.el-dialog')
    .getByRole('button', { name: face('zh', 'ui.account.new'), exact: true })
    .click()
  await expect(page.getByRole('cell', { name: 'linhui', exact: true })).toBeVisible()

  const late = await (await browser.newContext({ baseURL: empty.url, locale: 'zh-CN' })).newPage()
  await late.goto(link!)
  await expect(late.getByText(face('zh', 'ui.setup.dead'))).toBeVisible()
  const site = await (await late.request.get('/api/v1/site')).json()
  expect(site.demo).toBe(false)
  expect(site.demoAccounts).toBeUndefined()
})
