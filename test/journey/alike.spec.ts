/** One thing told by several: shown before it is told again, merged, and taken apart again. */
import { expectAccessible } from './access'
import { CasePage, note } from './casework'
import { expect, test, type City } from './city'
import { button, chooseArea, choose, expectNarrow } from './console'
import { fillPage, follow, walkForm } from './portal'
import { face, say } from './words'

const flow = 'grid.incident'
const told = (city: City) => ({
  description: '健身广场单杠断裂，有人险些摔伤',
  area: city.account('grid_worker').area.slice(0, 12),
  text: '健身广场西侧单杠',
})

test('a resident without JavaScript follows what another has told; staff take it apart and merge it again', async ({ city, browser }) => {
  const first = await city.resident(browser, { javaScriptEnabled: false })
  await first.goto('/report')
  const main = await walkForm(first, told(city))

  const second = await city.resident(browser, { javaScriptEnabled: false, lang: 'en', phone: true })
  await second.goto('/report?new=1')
  const next = second.locator('main form .press button:visible').last()
  for (let step = 0; step < 4 && !new URL(second.url()).pathname.endsWith('/alike'); step++) {
    await fillPage(second, told(city))
    await next.click()
  }
  await expect(second.getByRole('heading', { level: 1 })).toHaveText(await say(city, 'en', 'grid.page.alike'))
  await expectNarrow(second, 'what is told already')
  await second.locator(`input[type=radio][value="${main.number}"]`).check()
  await next.click()
  await expect(second.getByText(main.number)).toBeVisible()
  const { code, number } = await walkForm(second, {})
  await follow(second, code)
  await expect(second.locator('section[aria-labelledby=main-case]')).toContainText(main.number)

  const dispatcher = new CasePage(city, await city.staff(browser, 'dispatcher'), flow, 'zh')
  await dispatcher.find(number)
  await dispatcher.stands('merged')
  await dispatcher.move('unmerge', 'reported', note('不是同一根单杠。'))
  await dispatcher.move('merge', 'merged', async (form) => {
    await form.locator('#move-case').click()
    await dispatcher.page.locator('.el-autocomplete-suggestion:visible').getByRole('option').filter({ hasText: main.number }).click()
    await note('现场核实是同一根单杠。')(form)
  })
  await dispatcher.page.locator('section[aria-labelledby=merged]').getByRole('link', { name: main.number }).click()
  await expect(dispatcher.page.locator('section[aria-labelledby=merged]')).toContainText(number)
  await expectAccessible(dispatcher.page, 'a case into which another is merged')
})

test('a worker at the window is shown what is known before it is filed', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'window_worker', { lang, phone: true })
  const same = { description: '地下车库入口积水', text: '三号楼地下车库' }
  for (const time of ['first', 'second']) {
    await page.goto('/console/grid/new')
    await choose(page, page, face(lang, 'ui.report.category'), /./)
    await page.locator('#report-description').fill(same.description)
    await page.locator('#report-place').fill(same.text)
    await chooseArea(page, page, face(lang, 'ui.report.area'), told(city).area)
    await button(page, face(lang, 'ui.report.send')).click()
    if (time === 'second') {
      const dialog = page.getByRole('dialog', { name: face(lang, 'ui.alike.title') })
      await expectAccessible(page, 'what is known')
      await expectNarrow(page, 'what is known')
      await button(dialog, face(lang, 'ui.alike.same')).first().click()
    }
    await expect(page.locator('.receipt .code')).not.toBeEmpty()
  }
  await page.getByRole('link', { name: face(lang, 'ui.receipt.open'), exact: true }).click()
  await expect(page.locator('section[aria-labelledby=merged]')).toBeVisible()
})
