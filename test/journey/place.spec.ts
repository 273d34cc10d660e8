/** Back and F5 lead to the same place in a list; long words are broken on every page that shows a case. */
import type { Page } from '@playwright/test'
import { report } from './casework'
import { expect, test } from './city'
import { button, expectNarrow } from './console'
import { follow } from './portal'
import { face } from './words'

const scroll = (page: Page) => page.evaluate(() => Math.round(window.scrollY))

for (const phone of [false, true]) {
  test(`Back leads to the same page of the inbox and as far down in it${phone ? ' (phone)' : ''}`, async ({ city, browser }) => {
    const page = await city.staff(browser, 'city_officer', { phone })
    await page.goto('/console/inbox?view=all')
    await expect(page.getByRole('row').nth(20)).toBeVisible()
    const firstPage = await page.locator('a.title').first().getAttribute('href')
    await button(page, face('zh', 'ui.list.next')).click()
    await expect(page.locator('a.title').first()).not.toHaveAttribute('href', firstPage!)
    const here = await page.locator('a.title').nth(15).getAttribute('href')
    await page.locator('a.title').nth(15).scrollIntoViewIfNeeded()
    const at = await scroll(page)
    expect(at).toBeGreaterThan(0)
    await page.locator('a.title').nth(15).click()
    await expect(page.locator('#moves')).toBeVisible()
    await page.goBack()
    await expect(page.locator('a.title').nth(15)).toHaveAttribute('href', here!)
    await expect.poll(() => scroll(page)).toBe(at)
    await button(page, face('zh', 'ui.list.prev')).click()
    await expect(page.locator('a.title').first()).toHaveAttribute('href', firstPage!)
  })
}

test('the roster and the accounts keep filter, pages and what was open beside them', async ({ city, browser }) => {
  const people = await city.staff(browser, 'dispatcher')
  await people.goto('/console/people')
  const rows = people.locator('tbody tr')
  await expect(rows.first()).toBeVisible()
  const more = button(people, face('zh', 'ui.do.more'))
  const one = await rows.count()
  await more.click()
  await expect.poll(() => rows.count()).toBeGreaterThan(one)
  const two = await rows.count()
  await people
    .getByRole('link', { name: face('zh', 'ui.nav.home') })
    .first()
    .click()
  await expect(people.locator('tbody tr')).not.toHaveCount(two)
  await people.goBack()
  await expect(rows).toHaveCount(two)
  await people.reload()
  await expect(rows, 'after F5, too').toHaveCount(two)

  const admin = await city.staff(browser, 'system_administrator')
  await admin.goto('/console/access/accounts')
  await admin
    .getByRole('main')
    .getByRole('textbox', { name: face('zh', 'ui.accounts.find') })
    .fill('auditor')
  await button(admin.getByRole('main'), face('zh', 'ui.do.search')).click()
  await expect(admin.locator('tbody tr')).toHaveCount(1)
  await admin.locator('tbody tr').getByRole('button').click()
  await expect(admin.locator('.el-drawer:visible')).toBeVisible()
  await admin.reload()
  await expect(admin.locator('.el-drawer:visible')).toContainText('auditor')
  await expect(admin.locator('tbody tr')).toHaveCount(1)
})

test('the field app keeps its list', async ({ city, browser }) => {
  const page = await city.staff(browser, 'grid_worker', { phone: true })
  await page.goto('/field/')
  const unit = button(page, face('zh', 'ui.inbox.view.unit'))
  await unit.click()
  await page.getByRole('link', { name: face('zh', 'ui.field.report') }).click()
  await expect(page.locator('#r-category')).toBeVisible()
  await page.goBack()
  await expect(unit).toHaveAttribute('aria-pressed', 'true')
})

for (const lang of ['zh', 'en'] as const) {
  test(`a long word without blanks is broken on every page (${lang})`, async ({ city, browser }) => {
    const long = `https://example.org/${'a'.repeat(330)}`
    const page = await city.staff(browser, 'dispatcher', { lang, phone: true })
    await page.setViewportSize({ width: 360, height: 780 })
    const taken = await report(city, page.request, { description: long, place: { text: '路'.padEnd(150, 'x') } })
    for (const [name, path] of [
      ['inbox', '/console/inbox?view=all'],
      ['case', `/console/cases/${taken.id}`],
      ['home', '/console/'],
    ] as const) {
      await page.goto(path)
      await expect(page.getByRole('main')).toContainText(/\S/)
      if (name !== 'home') await expect(page.getByText('https://example.org/aaaa').first()).toBeVisible()
      await expectNarrow(page, `${lang} ${name}`)
    }
    await page.goto(`/console/cases/${taken.id}`)
    await page.locator('section[aria-labelledby="moves"] button').nth(1).click()
    await expect(page.locator('.el-dialog:visible')).toBeVisible()
    await expectNarrow(page, `${lang} a step`)
    const box = await page.locator('.el-dialog:visible').evaluate((e) => [e.scrollWidth, e.clientWidth])
    expect(box[0], 'nor is the dialog wider than itself').toBeLessThanOrEqual(box[1]!)

    const field = await city.staff(browser, 'dispatcher', { lang, phone: true })
    await field.setViewportSize({ width: 360, height: 780 })
    await field.goto(`/field/cases/${taken.id}`)
    await expect(field.getByText('https://example.org/aaaa').first()).toBeVisible()
    await expectNarrow(field, `${lang} field case`)
    await field.goto('/field/')
    await expect(field.locator('.views')).toBeVisible()
    await expectNarrow(field, `${lang} field list`)

    const resident = await city.resident(browser, { lang, phone: true })
    await resident.setViewportSize({ width: 360, height: 780 })
    await follow(resident, taken.code)
    await expect(resident.getByText('https://example.org/aaaa').first()).toBeVisible()
    await expectNarrow(resident, `${lang} portal`)
  })
}

test('the tree of the register stays open and as far down on Back', async ({ city, browser }) => {
  const page = await city.staff(browser, 'city_officer')
  await page.goto('/console/registry')
  const frame = page.locator('.registry .frame')
  const top = () => frame.evaluate((box) => Math.round(box.scrollTop))
  const rows = frame.locator('.el-tree-node__content')
  await expect(rows.nth(3)).toBeVisible()
  for (const n of [2, 1]) {
    // the later one first, so that the places of the others hold
    const before = await rows.count()
    await rows.nth(n).locator('.el-tree-node__expand-icon').click()
    await expect.poll(() => rows.count()).toBeGreaterThan(before)
  }
  const many = await rows.count()
  await frame.evaluate((box) => {
    box.scrollTop = 300
  })
  await expect.poll(top).toBe(300)
  const name = (await rows.nth(14).innerText()).trim()
  await rows.nth(14).click()
  await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible()
  await frame.evaluate((box) => {
    box.scrollTop = 0
  })
  await expect.poll(() => page.evaluate(() => (window.history.state as { place?: { top: number } }).place?.top)).toBe(0)
  await page
    .getByRole('link', { name: face('zh', 'ui.nav.home') })
    .first()
    .click()
  await expect(frame).toBeHidden()
  await page.goBack()
  await expect(rows).toHaveCount(many)
  await expect.poll(top).toBe(0)
  await page.goBack()
  await expect.poll(top).toBe(300)
})
