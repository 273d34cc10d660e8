/** Residents in the console: found, unmasked for a purpose, corrected, imported, and answered about their own data. */
import { expectAccessible } from './access'
import type { Page } from '@playwright/test'
import { expect, test, type City, type Language } from './city'
import { agree, button, chooseArea, expectNarrow } from './console'
import { follow, walkForm } from './portal'
import { face, say } from './words'

/** Looks a resident up by a number, which takes a purpose. */
async function lookUp(page: Page, city: City, lang: Language, number: string): Promise<void> {
  await page.getByLabel(face(lang, 'ui.people.find')).fill(number)
  await expect(button(page, face(lang, 'ui.do.search'))).toBeDisabled()
  await page
    .locator('.el-select')
    .filter({ has: page.getByLabel(face(lang, 'ui.people.purpose')) })
    .click()
  await page.getByRole('option', { name: await say(city, lang, 'people.purpose.contact'), exact: true }).click()
  await button(page, face(lang, 'ui.do.search')).click()
}

test('a dispatcher adds, finds, unmasks for a purpose and corrects a resident on a phone', async ({ city, browser }) => {
  const lang: Language = 'en'
  const page = await city.staff(browser, 'dispatcher', { lang, phone: true })
  await page.goto('/console/people')
  await expect(page.getByRole('cell').first()).toBeVisible()
  await expectNarrow(page, 'residents')
  await expectAccessible(page, 'residents on a phone')

  await button(page, face(lang, 'ui.people.add')).click()
  const form = page.getByRole('dialog', { name: face(lang, 'ui.people.add') })
  await form.locator('#re-name').fill('钱美玲')
  await form.locator('#re-phone').fill('13911112222')
  await expectAccessible(page, 'a new resident')
  await button(form, face(lang, 'ui.do.save')).click()
  const drawer = page.getByRole('dialog', { name: face(lang, 'ui.people.one') })
  await expect(drawer.getByText('139****2222')).toBeVisible()
  await expectAccessible(page, 'a resident')
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()

  await lookUp(page, city, lang, '13911112222')
  await expect(page.getByText('139****2222')).toHaveCount(1)
  await button(page, face(lang, 'ui.people.openOf').replace('{name}', '钱*玲')).click()
  const phone = await say(city, lang, 'people.field.phone')
  await button(drawer, face(lang, 'ui.people.showOf').replace('{field}', phone)).click()
  const asked = page.getByRole('dialog', { name: face(lang, 'ui.people.showOf').replace('{field}', phone) })
  await expect(button(asked, face(lang, 'ui.people.show'))).toBeDisabled()
  await asked.getByText(await say(city, lang, 'people.purpose.contact'), { exact: true }).click()
  await button(asked, face(lang, 'ui.people.show')).click()
  await expect(drawer.getByText('13911112222')).toBeVisible()
  await expect(drawer.getByText(await say(city, lang, 'people.purpose.contact')).last(), 'the person can see who looked').toBeVisible()

  await button(drawer, face(lang, 'ui.people.correct')).click()
  const correction = page.getByRole('dialog', { name: face(lang, 'ui.people.correct') })
  await correction.locator('#re-phone').fill('13933334444')
  await button(correction, face(lang, 'ui.do.save')).click()
  await expect(drawer.getByText('139****4444')).toBeVisible()
})

test('a resident who has moved is handed over to another community', async ({ city, browser }) => {
  const lang: Language = 'en'
  const page = await city.staff(browser, 'dispatcher', { lang, phone: true })
  const home = city.account('dispatcher').area
  const { items } = await (await page.request.get(`/api/v1/registry/areas?parent=${home.slice(0, 9)}`)).json()
  const other = items.find((a: { code: string }) => a.code !== home) as { code: string; name: string }
  const added = await page.request.post('/api/v1/people/persons', {
    data: { area: home, name: '乔迁安', phone: '13955556666', address: '旧街 1 号' },
  })
  expect(added.status()).toBe(201)
  const { id } = await added.json()
  await page.goto('/console/people')
  await lookUp(page, city, lang, '13955556666')
  await button(page, face(lang, 'ui.people.openOf').replace('{name}', '乔*安')).click()
  const drawer = page.getByRole('dialog', { name: face(lang, 'ui.people.one') })
  await button(drawer, face(lang, 'ui.people.move')).click()
  const form = page.getByRole('dialog', { name: face(lang, 'ui.people.move') })
  await expect(button(form, face(lang, 'ui.people.move'))).toBeDisabled()
  await chooseArea(page, form, face(lang, 'ui.people.moveTo'), other.code)
  await form.locator('#move-address').fill('新街 2 号')
  await expectAccessible(page, 'a move')
  await expectNarrow(page, 'a move')
  await button(form, face(lang, 'ui.people.move')).click()
  await expect(drawer).toBeHidden()
  expect((await page.request.get(`/api/v1/people/persons/${id}`)).status(), 'the former community sees them no more').toBe(404)
  const street = await city.staff(browser, 'subdistrict_officer')
  expect(await (await street.request.get(`/api/v1/people/persons/${id}`)).json()).toMatchObject({ area: other.code })
})

test('a roster is read line by line and taken, but for the line that is wrong', async ({ city, browser }) => {
  const page = await city.staff(browser, 'dispatcher')
  await page.goto('/console/people/roster')
  const roster = '姓名,身份证号,联系电话\n周怀山,,13700000001\n吴春燕,110105194912310021,13700000002\n'
  await page.locator('input[type=file]').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(roster) })
  await expect(page.getByRole('heading', { name: face('zh', 'ui.roster.state.preview') })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: face('zh', 'ui.roster.skipped') })).toContainText('3')
  await expectAccessible(page, 'a roster read')
  await button(page, face('zh', 'ui.roster.start').replace('{n}', '1')).click()
  await expect(page.getByRole('heading', { name: face('zh', 'ui.roster.state.done') })).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNarrow(page, 'a roster taken')
})

test('a resident asks for a copy in the portal; the console hands it over and answers', async ({ city, browser }) => {
  const resident = await city.resident(browser, { javaScriptEnabled: false })
  await resident.goto('/report')
  const { code } = await walkForm(resident, {
    area: city.account('dispatcher').area,
    name: '孙立新',
    phone: '13622223333',
    description: '路灯不亮',
  })
  await follow(resident, code)
  await resident.goto('/track/case/person')
  await resident
    .locator('input[name=kind][value=copy], select[name=kind]')
    .first()
    .evaluate((e) => e.tagName)
  if (await resident.locator('select[name=kind]').count()) await resident.locator('select[name=kind]').selectOption('copy')
  else await resident.locator('input[name=kind][value=copy]').check()
  await resident.locator('main form .press button').click()
  await expect(resident.locator('#asked')).toBeVisible()

  const page = await city.staff(browser, 'dispatcher', { phone: true })
  await page.goto('/console/people/requests')
  const row = page.getByRole('row').filter({ hasText: '136****3333' })
  await expect(row).toHaveCount(1)
  await expectNarrow(page, 'requests')
  await expectAccessible(page, 'requests on a phone')
  await button(row, face('zh', 'ui.requests.copy')).click()
  await agree(page, face('zh', 'ui.requests.copy'))
  const sheet = page.getByRole('dialog', { name: face('zh', 'ui.copy.title') })
  await expect(sheet.getByText('13622223333')).toBeVisible()
  await expectAccessible(page, 'a copy')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('heading', { name: face('zh', 'ui.nav.requests') })).toBeHidden()
  await expect(sheet.getByText('13622223333')).toBeVisible()
  await page.emulateMedia({ media: null })
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await button(row, face('zh', 'ui.requests.answer')).click()
  const dialog = page.getByRole('dialog', { name: await say(city, 'zh', 'people.request.copy') })
  await dialog.getByRole('textbox').fill('副本已当面交给本人。')
  await expectAccessible(page, 'an answer')
  await button(dialog, face('zh', 'ui.requests.grant')).click()
  await expect(row).toHaveCount(0)
  await resident.goto('/track/case/person')
  await expect(resident.getByText('副本已当面交给本人。')).toBeVisible()
})
