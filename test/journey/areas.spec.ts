/** Reorganisation in the console: by hand, by a list with decisions, by outlines; and what communities have. */
import type { Page } from '@playwright/test'
import { expectAccessible } from './access'
import { expect, test, type City } from './city'
import { agree, button, choose, chooseArea, expectNarrow } from './console'
import { face, say } from './words'

interface Area {
  code: string
  name: string
  level: number
  parent: string
}

/** Communities of a street in which none of the demo's people work, the last first. */
async function quiet(city: City, page: Page): Promise<Area[]> {
  const county = city.account('dispatcher').area.slice(0, 6)
  const below = async (code: string) => (await (await page.request.get(`/api/v1/registry/areas?parent=${code}`)).json()).items as Area[]
  const streets = (await below(county)).filter((s) => !city.accounts.some((a) => a.area.startsWith(s.code)))
  for (const street of streets.reverse()) {
    const all = await below(street.code)
    if (all.length >= 4) return all.reverse()
  }
  throw new Error('the demo has no quiet street')
}

test('an officer merges two communities after seeing what follows; the old code still finds the place', async ({ city, browser }) => {
  const page = await city.staff(browser, 'city_officer')
  const [gone, heir] = await quiet(city, page)
  await page.goto(`/console/registry/${gone!.code}`)
  await button(page, face('zh', 'ui.change.open')).click()
  const dialog = page.getByRole('dialog', { name: face('zh', 'ui.change.title').replace('{name}', gone!.name) })
  await dialog.getByText(face('zh', 'ui.change.do.merge'), { exact: true }).click()
  await chooseArea(page, dialog, face('zh', 'ui.change.into'), heir!.code)
  await dialog.locator('#change-reason').fill('市政府批复〔2026〕8号')
  await expectAccessible(page, 'a merger')
  await button(dialog, face('zh', 'ui.change.look')).click()
  await expect(dialog.getByText(face('zh', 'ui.change.follows'))).toBeVisible()
  await expectAccessible(page, 'what follows')
  await button(dialog, face('zh', 'ui.change.make')).click()
  await expect(dialog).toBeHidden()
  await page.goto(`/console/registry/${gone!.code}`)
  await expect(page.getByRole('heading', { level: 2, name: heir!.name })).toBeVisible()
  await expect(page.locator('.notice.soon').first()).toContainText(gone!.name)
})

test('an officer moves a community to another street; its cases and its old code go with it', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'city_officer', { lang, phone: true })
  const moved = (await quiet(city, page)).at(-1)!
  const below = async (code: string) => (await (await page.request.get(`/api/v1/registry/areas?parent=${code}`)).json()).items as Area[]
  const street = (await below(moved.code.slice(0, 6))).find((s) => s.code !== moved.parent)!
  await page.goto(`/console/registry/${moved.code}`)
  await button(page, face(lang, 'ui.change.open')).click()
  const dialog = page.getByRole('dialog', { name: face(lang, 'ui.change.title').replace('{name}', moved.name) })
  await dialog.getByText(face(lang, 'ui.change.do.move'), { exact: true }).click()
  await chooseArea(page, dialog, face(lang, 'ui.change.parent'), street.code)
  await dialog.locator('#change-code').fill(`${street.code}288`)
  await dialog.locator('#change-reason').fill('区划调整批复')
  await expectAccessible(page, 'a move')
  await expectNarrow(page, 'a move')
  await button(dialog, face(lang, 'ui.change.look')).click()
  await expect(dialog.getByText(face(lang, 'ui.change.follows'))).toBeVisible()
  await button(dialog, face(lang, 'ui.change.make')).click()
  await expect(dialog).toBeHidden()
  await page.goto(`/console/registry/${moved.code}`)
  await expect(page.getByRole('heading', { level: 2, name: moved.name })).toBeVisible()
  expect(
    (await below(street.code)).map((a) => a.code),
    'it stands below its new street',
  ).toContain(`${street.code}288`)
  expect((await below(moved.parent)).map((a) => a.code)).not.toContain(moved.code)
})

test('a list is uploaded on a phone, its question decided, and imported', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'system_administrator', { lang, phone: true })
  const all = await quiet(city, page)
  const [left, heir] = all
  const rows = all.slice(1).map((a) => `${a.code},${a.name},${a.level},${a.parent}`)
  const list = (more: string[]) => Buffer.from(['code,name,level,parent', ...rows, ...more].join('\n') + '\n')
  const file = page.locator('form input[type=file]').first()
  await page.goto('/console/registry/imports')
  await expectAccessible(page, 'imports')

  await file.setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: list(['320799001001,,5,320799001']) })
  await button(page, face(lang, 'ui.import.read')).click()
  await expect(page.getByRole('alert')).toContainText(String(rows.length + 2))
  await file.setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: list([]) })
  await button(page, face(lang, 'ui.import.read')).click()
  await expect(page.getByRole('heading', { name: left!.name })).toBeVisible()
  await expect(button(page, face(lang, 'ui.import.start'))).toBeDisabled()
  await expectNarrow(page, 'an import')
  await expectAccessible(page, 'an import with a question')

  await choose(page, page, face(lang, 'ui.import.answerOf').replace('{name}', left!.name), face(lang, 'ui.import.answer.merge'))
  const to = page.getByRole('combobox', { name: face(lang, 'ui.import.toOf').replace('{name}', left!.name), exact: true })
  await to.click()
  await to.fill(heir!.code)
  await to.press('Enter')
  await button(page, face(lang, 'ui.import.decideOf').replace('{name}', left!.name)).click()
  await expect(page.locator('#decided')).toBeVisible()
  await expectAccessible(page, 'an import that is decided')
  await page.reload()
  await button(page, face(lang, 'ui.import.start')).click()
  await agree(page, face(lang, 'ui.import.start'))
  await expect(page.locator('.notice.done')).toBeVisible()
  await page.goto(`/console/registry/${left!.code}`)
  await expect(page.getByRole('heading', { level: 2, name: heir!.name })).toBeVisible()
})

test('a community is split by an outline in the coordinates of a map service', async ({ city, browser }) => {
  const lang = 'en'
  const page = await city.staff(browser, 'city_officer', { lang })
  const area = (await quiet(city, page))[2]!
  await page.goto(`/console/registry/${area.code}`)
  await button(page, face(lang, 'ui.change.open')).click()
  const dialog = page.getByRole('dialog', { name: face(lang, 'ui.change.title').replace('{name}', area.name) })
  await dialog.getByText(face(lang, 'ui.change.do.split'), { exact: true }).click()
  await dialog.getByText(face(lang, 'ui.split.outlines'), { exact: true }).click()
  await dialog.getByLabel(face(lang, 'ui.split.paste')).fill('not GeoJSON')
  await button(dialog, face(lang, 'ui.split.take')).click()
  await expect(dialog.getByRole('alert')).toContainText(face(lang, 'ui.split.wrong'))
  const square = {
    type: 'Feature',
    properties: { name: '新苑社区居委会' },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [119.3, 34.7],
          [119.31, 34.7],
          [119.31, 34.71],
          [119.3, 34.71],
          [119.3, 34.7],
        ],
      ],
    },
  }
  await dialog.getByLabel(face(lang, 'ui.split.paste')).fill(JSON.stringify(square))
  await button(dialog, face(lang, 'ui.split.take')).click()
  await dialog.getByText(face(lang, 'ui.split.crs.GCJ02'), { exact: true }).click()
  await dialog.locator('#split-source').fill('实地勘界')
  await dialog.locator('#change-reason').fill('规模调整')
  await expectAccessible(page, 'a split')
  await button(dialog, face(lang, 'ui.change.look')).click()
  await expect(
    dialog
      .getByRole('group', { name: face(lang, 'ui.split.map').replace('{name}', area.name) })
      .locator('path')
      .first(),
  ).toBeVisible()
  await expectAccessible(page, 'a split on the map')
  await button(dialog, face(lang, 'ui.change.make')).click()
  await expect(dialog).toBeHidden()
  const found = (await (await page.request.get(`/api/v1/registry/areas?parent=${area.parent}`)).json()).items as Area[]
  const made = found.find((a) => a.name === '新苑社区居委会')!
  const { geometry } = await (await page.request.get(`/api/v1/registry/areas/${made.code}/outline`)).json()
  expect(geometry.coordinates[0][0][0], 'kept in CGCS2000').toBeLessThan(119.2999)
})

test('what a community has is recorded and counted for the street above', async ({ city, browser }) => {
  const page = await city.staff(browser, 'city_officer')
  const area = (await quiet(city, page))[3]!
  const hall = await say(city, 'zh', 'registry.facility.hall')
  await page.goto(`/console/registry/${area.code}`)
  const panel = page.locator('section[aria-labelledby=facilities]')
  await button(panel, face('zh', 'ui.do.change')).click()
  const dialog = page.getByRole('dialog', { name: face('zh', 'ui.facility.title') })
  await dialog.getByRole('radiogroup', { name: hall, exact: true }).getByText(face('zh', 'ui.facility.yes'), { exact: true }).click()
  await dialog.locator('#facility-premises').fill('345')
  await dialog.locator('#facility-source').fill('实地查看')
  await expectAccessible(page, 'facilities')
  await button(dialog, face('zh', 'ui.do.save')).click()
  await expect(panel).toContainText('345')
  await page.goto(`/console/registry/${area.parent}`)
  const coverage = page.locator('section[aria-labelledby=coverage]')
  await expect(coverage.getByRole('row').filter({ hasText: hall }).first()).toContainText('1')
  await expectAccessible(page, 'a street')
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNarrow(page, 'a street')
})
