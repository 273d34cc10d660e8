/** A form for communities: designed, checked against what is held, sent on an admission, filled in, disputed, returned, accepted. */
import type { Page } from '@playwright/test'
import { expectAccessible } from './access'
import { expect, test } from './city'
import { agree, button, choose, chooseArea, expectNarrow } from './console'
import { face, say } from './words'

const street = '320703001'

test('a form goes from its design on an admission to what a community answers', async ({ city, browser }) => {
  test.slow()
  const t = (key: string) => say(city, 'zh', `exchange.${key}`)
  const d = (key: string) => face('zh', `ui.design.${key}`)
  const clerk = await city.staff(browser, 'clerk')
  const both = async (id: string, zh: string, en: string) => {
    await clerk.locator(`#${id}-zh`).fill(zh)
    await clerk.locator(`#${id}-en`).fill(en)
  }
  const add = async (n: number, kind: string, zh: string, en: string) => {
    await choose(clerk, clerk.locator('.add'), d('kind'), d(`kinds.${kind}`))
    await button(clerk, d('addField')).click()
    await both(`label-${n}`, zh, en)
  }

  // The design: two values that are held, three questions, one of them asked under a condition only.
  await clerk.goto('/console/exchange/forms/new')
  await both('f-title', '社区急救箱配备情况', 'First-aid kits of communities')
  await both('f-purpose', '统一补充急救用品', 'To restock first-aid kits')
  await choose(clerk, clerk, await t('label.admission'), /独居老人冬季走访/)
  await add(0, 'number', '网格员人数', 'Grid workers')
  await both('group-0', '人员', 'People')
  await add(1, 'number', '社区工作者人数', 'Community workers')
  await add(2, 'choice', '是否配有急救箱', 'Is there a first-aid kit')
  for (const [n, zh, en] of [
    [1, '有', 'Yes'],
    [2, '没有', 'No'],
  ] as const) {
    await clerk.getByLabel(d('optionZh').replace('{n}', String(n))).fill(zh)
    await clerk.getByLabel(d('optionEn').replace('{n}', String(n))).fill(en)
  }
  await clerk.locator('#r-2').fill('补充用品需要，各部门均未掌握')
  await add(3, 'table', '急救箱清单', 'List of kits')
  await clerk.locator('#r-3').fill('补充用品需要，各部门均未掌握')
  await clerk.locator('.columns .name').click()
  await both('label-3-0', '放置地点', 'Where it is kept')
  await choose(clerk, clerk, d('onlyField'), '是否配有急救箱')
  await choose(clerk, clerk, d('onlyOptions'), '有')
  await clerk.keyboard.press('Escape')
  await add(4, 'file', '急救箱照片', 'Pictures of the kits')
  await clerk.locator('#r-4').fill('核对实物需要')
  await clerk.locator('[data-at="4"]').getByText(d('required'), { exact: true }).last().click()
  await expect(clerk.locator('.findings li').first()).toContainText('grid.workers')
  await expect(clerk.locator('.findings li').nth(1)).toContainText('station.staff')
  await expectAccessible(clerk, 'a form being designed')

  // A field is moved by the keyboard, and removed only after asking.
  await clerk.locator('[data-at="4"] [data-do="open"]').press('Alt+ArrowUp')
  await expect(clerk.locator('[data-at="3"]')).toContainText('急救箱照片')
  await clerk.locator('[data-at="3"] [data-do="open"]').press('Alt+ArrowDown')
  await button(clerk, d('removeOf').replace('{what}', '急救箱照片')).click()
  await button(clerk, face('zh', 'ui.do.cancel')).click()
  await expect(clerk.locator('[data-at="4"]')).toContainText('急救箱照片')
  await button(clerk, await t('ui.save')).click()
  await expect(clerk).toHaveURL(/\/exchange\/forms\/[^/]+\/edit/)
  await button(clerk, await t('ui.to_steps')).click()
  await button(clerk, await t('form.verb.check')).click()
  await expect(clerk.getByText(await t('form.state.checked'), { exact: true })).toBeVisible()
  await expectAccessible(clerk, 'a form that was checked')
  const form = new URL(clerk.url()).pathname
  const head = await city.staff(browser, 'head')
  await head.goto(form)
  await expect(head.getByText(/20\d\d-320703-\d{4}/).first()).toBeVisible()
  await button(head, await t('form.verb.publish')).click()
  await expect(head.getByText(await t('form.state.published'), { exact: true })).toBeVisible()

  // It is sent to a street and arrives filled in.
  await clerk.goto(form)
  await button(clerk, await t('ui.send')).click()
  await chooseArea(clerk, clerk, await t('sending.ui.to'), street)
  await expectAccessible(clerk, 'a form being sent')
  await button(clerk, await t('sending.verb.send')).click()
  await agree(clerk, await t('sending.verb.send'))
  await expect(clerk).toHaveURL(/\/forms\/sendings\//)
  await expect(clerk.getByText(await t('sending.state.open'), { exact: true })).toBeVisible()
  const sending = new URL(clerk.url()).pathname
  await expectAccessible(clerk, 'a form that was sent')

  const worker = await city.staff(browser, 'dispatcher', { phone: true })
  await worker.goto('/console/forms/mine')
  await worker.getByRole('link', { name: '社区急救箱配备情况' }).click()
  await expect(worker.locator('.pass')).toContainText(/20\d\d-320703-\d{4}/)
  const asked = (key: number) => worker.locator('.question').nth(key)
  await asked(0)
    .getByText(await t('answer.ui.confirm'), { exact: true })
    .click()
  await asked(1)
    .getByText(await t('answer.ui.dispute'), { exact: true })
    .click()
  await asked(1).locator('input[inputmode]').fill('9')
  await asked(1).locator('input[id^=why]').fill('新到岗两人，尚未登记。')
  await choose(worker, asked(2), '是否配有急救箱', '有')
  await button(worker, await t('answer.ui.addRow')).click()
  await asked(3).locator('.row-card input').fill('大厅')
  await expectNarrow(worker, 'a form being filled in')
  await expectAccessible(worker, 'a form being filled in')
  const submit = async () => {
    await button(worker, await t('answer.verb.submit')).click()
    await agree(worker, await t('answer.verb.submit'))
    await expect(worker.getByText(await t('answer.state.submitted'), { exact: true }).first()).toBeVisible()
  }
  await submit()
  const answer = new URL(worker.url()).pathname

  // One field is returned with its reason, mended, and accepted.
  await clerk.goto(`${sending}?state=submitted`)
  await clerk.locator('tbody a').first().click()
  await button(clerk, await t('answer.verb.return')).click()
  await clerk.getByLabel((await t('answer.ui.reasonOf')).replace('{field}', '急救箱清单')).fill('请写明楼层')
  await button(clerk, await t('answer.ui.giveBack')).click()
  await expect(clerk.getByText(await t('answer.state.returned'), { exact: true }).first()).toBeVisible()
  await clerk.goBack()
  expect(new URL(clerk.url()).search, 'the filter is there again').toBe('?state=submitted')
  await worker.goto(answer)
  await expect(worker.getByText('请写明楼层').first()).toBeVisible()
  await asked(3).locator('.row-card input').fill('大厅一楼')
  await submit()
  await clerk.goto(answer)
  await button(clerk, await t('answer.verb.accept')).click()
  await expect(clerk.getByText(await t('answer.state.accepted'), { exact: true }).first()).toBeVisible()
  await expect(clerk.getByText('大厅一楼')).toBeVisible()

  // Whoever answers for the disputed value decides, with a reason; the community reads it.
  await head.goto('/console/forms/disputes?state=claimed')
  const dispute = head.getByRole('row').filter({ hasText: '新到岗两人' })
  await button(dispute, await t('dispute.ui.answer')).click()
  await head.locator('#dispute-reason').fill('已核实并更正。')
  await expectAccessible(head, 'a dispute being decided')
  await button(head.getByRole('dialog'), await t('dispute.verb.correct')).click()
  await expect(dispute).toHaveCount(0)
  await worker.goto(answer)
  await expect(worker.getByText('已核实并更正。').first()).toBeVisible()
})

for (const lang of ['zh', 'en'] as const) {
  test(`pages of forms, ${lang}`, async ({ city, browser }) => {
    test.slow()
    const fits = async (page: Page, path: string, name = path) => {
      await page.goto(path)
      await expect(page.locator('.page h1, main h1').first()).toBeVisible()
      await expectNarrow(page, `${lang} ${name}`)
      await expectAccessible(page, `${lang} ${name}`)
    }
    const follow = async (page: Page, from: string, name: string) => {
      await page.goto(from)
      await page.locator('tbody a').first().click()
      await expect(page.getByText(/20\d\d-320703-\d{4}/).first(), `${name} names its admission`).toBeVisible()
      await expectNarrow(page, `${lang} ${name}`)
      await expectAccessible(page, `${lang} ${name}`)
    }
    for (const phone of [false, true]) {
      const clerk = await city.staff(browser, 'clerk', { lang, phone })
      for (const path of ['/console/exchange/forms', '/console/exchange/elements', '/console/forms/sendings', '/console/forms/disputes'])
        await fits(clerk, path)
      await follow(clerk, '/console/forms/sendings', 'a sending')
      await follow(clerk, '/console/exchange/forms?state=published', 'a form')
      const worker = await city.staff(browser, 'dispatcher', { lang, phone })
      await fits(worker, '/console/forms/mine')
      await follow(worker, '/console/forms/mine', 'an answer')
    }
    const visitor = await city.resident(browser, { lang, phone: true })
    for (const path of ['/forms', '/elements', '/elements?q=老', '/elements/people.old']) await fits(visitor, path)
    await visitor.goto('/forms')
    await visitor.locator('main a[href^="/forms/"]').first().click()
    await expect(visitor.getByText(/20\d\d-320703-\d{4}/).first()).toBeVisible()
    await expectAccessible(visitor, `${lang} a form's page`)
  })
}
