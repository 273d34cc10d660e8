/** What the city orders as data: the year's calendar, to whom cases go, what can be reported. */
import { expectAccessible } from './access'
import { expect, test } from './city'
import { agree, button, choose, chooseArea, expectNarrow } from './console'
import { face, say } from './words'

/** An invented arrangement that takes as many working days off as 2027 has statutory holidays. */
function year2027(): string {
  const days = (from: string, n: number) =>
    Array.from({ length: n }, (_, i) => new Date(Date.parse(from) + i * 86_400_000).toISOString().slice(0, 10))
  const off = [
    days('2027-01-01', 3),
    days('2027-02-05', 7),
    days('2027-04-03', 3),
    days('2027-05-01', 5),
    days('2027-06-09', 1),
    days('2027-09-15', 1),
    days('2027-10-01', 7),
  ].flat()
  const work = ['2027-01-30', '2027-05-08', '2027-09-26', '2027-10-09']
  return [
    'date,kind,notice',
    ...off.map((d) => `${d},off,国办发明电〔2026〕99号`),
    ...work.map((d) => `${d},work,国办发明电〔2026〕99号`),
  ].join('\n')
}

test('an operator loads a year after looking at it', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'system_administrator', { lang, phone: true })
  await page.goto('/console/calendar')
  await choose(page, page, face(lang, 'ui.calendar.yearHead'), /2027/)
  await page.getByText(face(lang, 'ui.calendar.wayCsv'), { exact: true }).click()
  await page.locator('#load-csv').fill('date,kind,notice\n2027-13-01,off,n')
  await button(page, face(lang, 'ui.calendar.preview')).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.locator('#load-csv').fill(year2027())
  await button(page, face(lang, 'ui.calendar.preview')).click()
  await expect(page.getByRole('heading', { name: face(lang, 'ui.calendar.previewOf').replace('{year}', '2027') })).toBeVisible()
  await expectNarrow(page, 'a year before it is loaded')
  await expectAccessible(page, 'a year before it is loaded')
  await button(page, face(lang, 'ui.calendar.load')).click()
  await agree(page, face(lang, 'ui.calendar.load'))
  await expect(page.locator('.notice.done')).toContainText('2027')
  await expect(page.locator('section[aria-labelledby=years]')).toContainText('2027')
})

test('an officer makes a route, tries what would happen, and switches it off', async ({ city, browser }) => {
  const page = await city.staff(browser, 'city_officer')
  const { items } = await (await page.request.get('/api/v1/grid/categories')).json()
  const category = items.filter((c: { parent: string }) => c.parent !== '').at(-1) as { code: string; name: string }
  const area = city.account('grid_worker').area.slice(0, 12)
  const street = area.slice(0, 9)
  await page.goto('/console/routes')
  await button(page, face('zh', 'ui.route.add')).click()
  const dialog = page.getByRole('dialog', { name: face('zh', 'ui.route.add') })
  await choose(page, dialog, face('zh', 'ui.route.subject'), category.name)
  await chooseArea(page, dialog, face('zh', 'ui.route.area'), street)
  await choose(page, dialog, face('zh', 'ui.route.byDepartment'), face('zh', 'ui.route.ownStation'))
  await dialog.locator('#route-note').fill('街道与社区约定')
  await expectAccessible(page, 'the form of a route')
  await button(dialog, face('zh', 'ui.do.save')).click()
  await expect(dialog).toBeHidden()

  const tried = page.locator('section[aria-labelledby=try]')
  await choose(page, tried, face('zh', 'ui.route.subject'), category.name)
  await chooseArea(page, tried, face('zh', 'ui.route.area'), area)
  await button(tried, face('zh', 'ui.route.ask')).click()
  await expect(tried.getByRole('status')).toContainText(face('zh', 'ui.route.taken'))
  await expect(tried.getByRole('status')).toContainText('街道与社区约定')
  await expectAccessible(page, 'routes')

  const row = page.getByRole('row').filter({ hasText: '街道与社区约定' })
  await button(row, face('zh', 'ui.route.switchOff')).click()
  await agree(page, face('zh', 'ui.route.switchOff'))
  await expect(row).toHaveCount(0)
  await button(tried, face('zh', 'ui.route.ask')).click()
  await expect(tried.getByRole('status')).toContainText(await say(city, 'zh', 'casework.route.passed.off'))
  await expect(tried.getByRole('status')).not.toContainText(face('zh', 'ui.route.taken'))
})

test('an officer changes when a category is closed', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'city_officer', { lang, phone: true })
  await page.goto('/console/grid/categories')
  const row = page.getByRole('row').last()
  await button(row, face(lang, 'ui.do.change')).click()
  const dialog = page.locator('.el-dialog:visible')
  await dialog.locator('#category-closing-en').fill('Mended, and looked at by somebody else.')
  await expectAccessible(page, 'the form of a category')
  await expectNarrow(page, 'the form of a category')
  await button(dialog, face(lang, 'ui.do.save')).click()
  await expect(dialog).toBeHidden()
  await expect(row).toContainText('looked at by somebody else')
  await expectNarrow(page, 'categories')
})
