/** Staff at the window and on the street: sign-in, intake for somebody, and the phone. */
import { CasePage, dispatchTo } from './casework'
import { expect, test } from './city'
import { photo } from './photo'
import { face, say } from './words'
import type { Page } from '@playwright/test'

test('a window worker signs in and takes an application for somebody, who leaves with a receipt', async ({ city, browser }) => {
  const page = await city.resident(browser, { lang: 'en' })
  await page.goto('/console/inbox')
  const { login, password } = city.account('window_worker')
  await page.locator('#login').fill(login)
  await page.locator('#password').fill('not the password')
  await page.getByRole('button', { name: face('en', 'ui.signIn.do'), exact: true }).click()
  await expect(page.getByRole('alert')).toContainText(await say(city, 'en', 'error.access.sign_in', { failures: 5, minutes: 15 }))
  await page.locator('#password').fill(password)
  await page.getByRole('button', { name: face('en', 'ui.signIn.do'), exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: face('en', 'ui.nav.inbox') })).toBeVisible()

  await page.goto('/console/hall/new/unemployment_registration')
  await page.locator('#applicant-name').fill('Wang Xiuying')
  await page.locator('#applicant-id').fill('110105194912310021')
  await page.locator('#applicant-phone').fill('13805132468')
  await choose(page, 'reason')
  await choose(page, 'training')
  const send = page.getByRole('button', { name: face('en', 'ui.apply.send'), exact: true })
  await send.click()
  await expect(page.getByText(face('en', 'ui.form.idNumber')).first(), 'a wrong check digit is told beside the field').toBeVisible()
  await page.locator('#applicant-id').fill('11010519491231002X')
  await send.click()
  await expect(page.locator('.receipt .code')).not.toBeEmpty()

  await page.getByRole('link', { name: face('en', 'ui.receipt.open'), exact: true }).click()
  const atWindow = new CasePage(city, page, 'hall.application', 'en')
  await atWindow.stands('submitted')
  await atWindow.move('accept', 'accepted')
})

async function choose(page: Page, question: string): Promise<void> {
  await page.locator(`.el-select:has(#answer-${question})`).click()
  await page.locator('.el-select-dropdown:visible').getByRole('option').first().click()
}

test('a grid worker reports and handles on a phone, from the place where they stand', async ({ city, browser }) => {
  const page = await city.staff(browser, 'grid_worker', { phone: true })
  const community = city.account('grid_worker').area.slice(0, 12)
  const { geometry } = await (await page.request.get(`/api/v1/registry/areas/${community}/outline`)).json()
  await page.context().grantPermissions(['geolocation'])
  await page.context().setGeolocation(inside(geometry))

  await page.goto('/field/report')
  await page.locator('input[type=file]').setInputFiles(photo())
  await expect(page.locator('.shots img')).toBeVisible()
  await page.getByRole('button', { name: face('zh', 'ui.field.here'), exact: true }).click()
  await expect(page.getByText(face('zh', 'ui.report.located'))).toBeVisible()
  await page.locator('#r-category').selectOption({ index: 1 })
  await page.locator('#r-description').fill('楼道堆放杂物')
  await page
    .locator('form')
    .getByRole('button', { name: face('zh', 'ui.report.send'), exact: true })
    .click()
  const taken = page.locator('dl.facts strong').first()
  const other = page.getByRole('button', { name: face('zh', 'ui.alike.other'), exact: true }) // others may have told of rubbish here
  await expect(taken.or(other)).toBeVisible()
  if (await other.isVisible()) await other.click()
  const number = await taken.innerText()

  const dispatcher = new CasePage(city, await city.staff(browser, 'dispatcher'), 'grid.incident', 'zh')
  await dispatcher.find(number)
  await dispatcher.move('establish', 'established')
  await dispatchTo(page, dispatcher)

  await page.goto(`/field/cases/${new URL(dispatcher.page.url()).pathname.split('/').pop()}`)
  await press(page, await say(city, 'zh', 'grid.incident.verb.handle'))
  const feedBack = await say(city, 'zh', 'grid.incident.verb.feed_back')
  await page.getByRole('button', { name: feedBack, exact: true }).click()
  await page.locator('#m-note').fill('杂物已清运。')
  await page.locator('form').getByRole('button', { name: feedBack, exact: true }).click()
  await expect(page.getByText(await say(city, 'zh', 'grid.incident.state.fed_back')).first()).toBeVisible()
  await expect(page.getByRole('button', { name: await say(city, 'zh', 'grid.incident.verb.verify'), exact: true })).toHaveCount(0)
})

/** Chooses a verb and sends its form with nothing filled in. */
async function press(page: Page, verb: string): Promise<void> {
  await page.getByRole('button', { name: verb, exact: true }).click()
  await page.locator('form').getByRole('button', { name: verb, exact: true }).click()
  await expect(page.locator('form')).toHaveCount(0)
}

/** A point in the middle of an outline; the demo's outlines are tiles without deep bays. */
function inside(geometry: { type: string; coordinates: number[][][] | number[][][][] }): { longitude: number; latitude: number } {
  const ring = (geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0]![0]) as number[][]
  const mean = (axis: number) => ring.reduce((sum, point) => sum + point[axis]!, 0) / ring.length
  return { longitude: mean(0), latitude: mean(1) }
}
