/** What may enter a community: applied for, paid for, admitted, sent, refused, decided, and counted. */
import type { Page } from '@playwright/test'
import { expectAccessible } from './access'
import { expect, test, type City, type Language } from './city'
import { agree, button, expectNarrow } from './console'
import { say } from './words'

const admissionName = '台风前独居老人逐户排查'
const taskTitle = '独居老人名册逐户登记'
const ground = '登记名册不在准入范围内，准入只写了排查。'

/** A step of an application or a task, with its question where one is asked. */
async function take(city: City, page: Page, lang: Language, key: string, note = ''): Promise<void> {
  const verb = await say(city, lang, key)
  await button(page, verb).click()
  if (note) {
    const dialog = page.getByRole('dialog', { name: verb })
    await dialog.locator('textarea').fill(note)
    await button(dialog, verb).click()
    await expect(dialog).toBeHidden()
    return
  }
  if (
    await page
      .locator('.el-message-box')
      .waitFor({ timeout: 1_500 })
      .then(() => true)
      .catch(() => false)
  )
    await agree(page, verb)
}

const stands = async (city: City, page: Page, key: string) =>
  expect(
    page
      .getByRole('main')
      .getByText(await say(city, 'zh', key), { exact: true })
      .first(),
  ).toBeVisible()

const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

test.describe.configure({ mode: 'serial' })
let application = ''
let task = ''

test('a department applies, is refused for money, amends, is admitted, sends a task that a community refuses', async ({
  city,
  browser,
}) => {
  test.setTimeout(240_000)
  const clerk = await city.staff(browser, 'clerk')
  await clerk.goto('/console/admission/applications/new')
  await clerk.locator('#aa-name').fill(admissionName)
  await clerk.locator('#aa-text').fill('台风登陆前逐户排查独居老人住房安全，发现险情立即报告。')
  await clerk.locator('#aa-document').fill('《自然灾害救助条例》')
  await clerk.locator('#aa-article').fill('第十三条')
  for (const [field, day] of [
    ['from', days(0)],
    ['until', days(120)],
    ['exit', days(120)],
  ] as const)
    await clerk.locator(`#aa-${field}`).fill(day)
  await clerk.locator('#aa-staff').fill('本局人员不足以在登陆前逐户到达。')
  await clerk.locator('#aa-consistency').fill('减评〔2026〕31号')
  await clerk.getByText(await say(city, 'zh', 'admission.application.ui.is_emergency'), { exact: true }).click()
  await clerk.locator('#aa-why').fill('气象台发布台风红色预警。')
  await button(clerk, await say(city, 'zh', 'admission.application.ui.save')).click()
  await stands(city, clerk, 'admission.application.state.draft')
  application = new URL(clerk.url()).pathname
  await expectAccessible(clerk, 'an application with findings')

  // Without money nothing is handed in, and the refusal says which rule wants it.
  await take(city, clerk, 'zh', 'admission.application.verb.submit')
  await expect(clerk.getByRole('alert').filter({ hasText: '经费' }).first()).toBeVisible()
  await button(clerk, await say(city, 'zh', 'admission.application.verb.change')).click()
  await clerk.locator('#aa-source').fill('区级财政应急经费')
  await clerk.locator('#aa-yuan-0').fill('20000')
  await clerk.locator('#aa-due-0').fill(days(60))
  await button(clerk, await say(city, 'zh', 'admission.application.ui.save')).click()
  await stands(city, clerk, 'admission.application.state.draft')
  await take(city, clerk, 'zh', 'admission.application.verb.submit')
  await stands(city, clerk, 'admission.application.state.signing')

  const head = await city.staff(browser, 'head')
  await head.goto('/console/inbox')
  await head
    .getByRole('link', { name: new RegExp(await say(city, 'zh', 'admission.todo.sign')) })
    .first()
    .waitFor()
  await head.goto(application)
  await take(city, head, 'zh', 'admission.application.verb.declare')
  await stands(city, head, 'admission.application.state.provisional')
  const builder = await city.staff(browser, 'builder')
  await builder.goto('/console/')
  await builder
    .getByRole('link', { name: new RegExp(await say(city, 'zh', 'admission.todo.ratify')) })
    .first()
    .waitFor()
  await builder.goto(application)
  await take(city, builder, 'zh', 'admission.application.verb.ratify', '同意追认')
  await stands(city, builder, 'admission.application.state.unfunded')
  const number = (await builder.locator('.number strong').innerText()).trim()

  // Admitted and not paid for: no task passes.
  await clerk.goto('/console/tasks/new')
  await clerk.locator('#task-number').fill(number)
  await clerk.locator('#task-title').fill(taskTitle)
  await clerk.locator('#task-content').fill('逐户登记独居老人姓名、住址和联系人。')
  await clerk.locator('#task-ask').fill('登记户数')
  await button(clerk, await say(city, 'zh', 'task.ui.save')).click()
  await take(city, clerk, 'zh', 'task.task.verb.submit')
  await stands(city, clerk, 'task.task.state.submitted')
  task = new URL(clerk.url()).pathname
  await head.goto(task)
  await take(city, head, 'zh', 'task.task.verb.send')
  await expect(head.getByRole('alert').filter({ hasText: number }).first()).toBeVisible()
  await head.goto(application)
  await take(city, head, 'zh', 'admission.application.verb.fund', '连财预〔2026〕77号')
  await stands(city, head, 'admission.application.state.active')
  await head.goto(task)
  await take(city, head, 'zh', 'task.task.verb.send')
  await expect(
    head
      .getByRole('main')
      .getByText(await say(city, 'zh', 'task.task.state.sent'), { exact: true })
      .first(),
  ).toBeVisible({ timeout: 60_000 })
  await expect(head.getByText(number).first()).toBeVisible()
  await expectAccessible(head, 'a task under way')

  // A community refuses what is off the list, on a phone.
  const committee = await city.staff(browser, 'committee', { phone: true })
  await committee.goto(`/console/inbox?q=${encodeURIComponent(taskTitle)}`)
  await committee.getByRole('main').getByRole('link', { name: taskTitle }).first().click()
  await expect(committee.getByText(number).first()).toBeVisible()
  await expectNarrow(committee, 'a share of a task')
  const refuse = await say(city, 'zh', 'task.share.verb.refuse')
  await button(committee, refuse).click()
  const dialog = committee.getByRole('dialog', { name: refuse })
  await dialog.locator('.el-select, .el-radio-group').first().click()
  const option = committee
    .locator('.el-select-dropdown:visible')
    .getByRole('option', { name: await say(city, 'zh', 'task.ground.scope'), exact: true })
  if (await option.count()) await option.click()
  else await dialog.getByText(await say(city, 'zh', 'task.ground.scope'), { exact: true }).click()
  await dialog.locator('textarea').fill(ground)
  await expectNarrow(committee, 'refusing a task')
  await expectAccessible(committee, 'refusing a task')
  await button(dialog, refuse).click()
  await expect(dialog).toBeHidden()

  // The community-building body finds it on its first page, and decides.
  await builder.goto('/console/')
  await builder
    .getByRole('link', { name: new RegExp(await say(city, 'zh', 'task.todo.refusals')) })
    .first()
    .click()
  const row = builder.getByRole('row').filter({ hasText: ground })
  const uphold = await say(city, 'zh', 'task.share.verb.uphold')
  await button(row, uphold).click()
  await expectAccessible(builder, 'deciding a refusal')
  await button(builder.getByRole('dialog', { name: uphold }), uphold).click()
  await builder.goto('/console/tasks/refusals?state=upheld')
  await expect(builder.getByRole('row').filter({ hasText: ground })).toBeVisible()
})

for (const lang of ['zh', 'en'] as const) {
  test(`the city follows the burden of the month down to its events, ${lang}`, async ({ city, browser }) => {
    const viewer = await city.staff(browser, 'city', { lang })
    await viewer.goto('/console/burden')
    await expectAccessible(viewer, `${lang} the burden of the city`)
    await viewer.locator('section[aria-labelledby="causes"] tbody a').first().click()
    await expect(viewer.getByRole('row').filter({ hasText: taskTitle }).first()).toBeVisible()
    await expectAccessible(viewer, `${lang} events`)
  })

  test(`pages of what enters a community, ${lang}`, async ({ city, browser }) => {
    for (const phone of [false, true]) {
      const head = await city.staff(browser, 'head', { lang, phone })
      for (const path of [
        application,
        task,
        '/console/admission/applications',
        '/console/tasks',
        '/console/tasks/refusals',
        '/console/inbox',
      ]) {
        await head.goto(path)
        await expect(head.getByRole('heading', { level: 1 })).toBeVisible()
        await head.waitForLoadState('networkidle')
        await expectNarrow(head, path)
        await expectAccessible(head, `${lang} ${path}`)
      }
    }
  })
}
