/** A city designs an item in the console, tries it out and publishes it; residents apply under it, by either branch of a condition. */
import { expectAccessible } from './access'
import { expect, test } from './city'
import { agree, button, choose, chooseArea, expectNarrow } from './console'
import { face, say } from './words'

test('an administrator designs an item with a condition, and residents apply under it on a phone', async ({ city, browser }) => {
  const area = city.account('window_worker').area
  const designer = await city.staff(browser, 'city_officer')
  const t = (key: string) => face('zh', `ui.design.${key}`)
  const code = 'housing_aid'
  await designer.goto('/console/hall/items')
  await designer.getByRole('link', { name: t('new'), exact: true }).click()
  await designer.locator('#d-code').fill(code)
  const both = async (id: string, zh: string, en: string) => {
    await designer.locator(`#${id}-zh`).fill(zh)
    await designer.locator(`#${id}-en`).fill(en)
  }
  await both('d-name', '住房补助', 'Housing aid')
  await both('d-summary', '补助租房居民。', 'Helps those who rent.')
  await choose(designer, designer, face('zh', 'ui.item.department'), '民政局')
  for (const id of ['who-0', 'conditions-0', 'steps-0', 'd-fee', 'd-result', 'd-place', 'b-0-name', 'b-0-source'])
    await both(id, '本市居民', 'Residents')
  await choose(designer, designer, t('kind'), t('kinds.choice'))
  await button(designer, t('addField')).click()
  await both('group-0', '住房情况', 'Your home')
  await both('label-0', '住房来源', 'Tenure')
  for (const [n, zh, en] of [
    [1, '自有', 'Own'],
    [2, '租赁', 'Rented'],
  ] as const) {
    await designer.getByLabel(t('optionZh').replace('{n}', String(n))).fill(zh)
    await designer.getByLabel(t('optionEn').replace('{n}', String(n))).fill(en)
  }
  await button(designer, t('save')).click()
  await expect(designer).toHaveURL(new RegExp(`${code}/design`))
  await button(designer, t('addField')).click()
  await both('label-1', '房东姓名', 'Name of the landlord')
  await choose(designer, designer.locator('[data-at="1"]'), t('kind'), t('kinds.text'))
  await choose(designer, designer, t('onlyField'), '住房来源')
  await choose(designer, designer, t('onlyOptions'), '租赁')
  await designer.keyboard.press('Escape')
  await expectAccessible(designer, 'an item being designed')

  const phone = designer.frameLocator('iframe')
  await phone.getByLabel('租赁').check()
  await expect(phone.getByLabel('房东姓名')).toBeVisible()
  await phone.getByLabel('自有').check()
  await expect(phone.getByLabel('房东姓名')).toBeHidden()

  await button(designer, t('save')).click()
  await chooseArea(designer, designer, face('zh', 'ui.apply.community'), area)
  await choose(designer, designer, '住房来源', '自有')
  await button(designer, t('try')).click()
  await expect(designer.getByText(t('trialTaken'))).toBeVisible()
  await button(designer, t('publish')).click()
  await agree(designer, t('publish'))
  await expect(designer.getByText(t('states.live'), { exact: true })).toBeVisible()
  await expectAccessible(designer, 'the versions of an item')

  for (const rents of [false, true]) {
    const resident = await city.resident(browser, { phone: true, javaScriptEnabled: rents })
    await resident.goto(`/hall/${code}/apply`)
    await resident.locator('#f-name').fill('王芳')
    await resident.locator('#f-phone').fill('19900001234')
    await resident.locator('#f-idNumber').fill('11010519491231002X')
    const next = async () =>
      button(resident, await say(city, 'zh', 'page.next'))
        .last()
        .click()
    await next()
    await resident.locator('#f-words').fill(area)
    await button(resident, await say(city, 'zh', 'registry.page.find')).click()
    await resident.locator(`input[name=area][value="${area}"]`).check()
    await next()
    await expect(resident.getByLabel('自有')).toBeVisible()
    await expectNarrow(resident, 'a form with a condition')
    await resident.getByLabel(rents ? '租赁' : '自有').check()
    if (rents) await resident.getByLabel('房东姓名').fill('李平')
    await next()
    await next()
    await expect(resident.getByText('房东姓名')).toHaveCount(rents ? 1 : 0)
    await button(resident, await say(city, 'zh', 'hall.page.submit')).click()
    await expect(resident).toHaveURL(/done|track/)
  }
})
