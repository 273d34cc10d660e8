/** Nothing typed is lost: when the session ends, when somebody else was faster, when the page is left. */
import type { Page } from '@playwright/test'
import { expectAccessible } from './access'
import { report } from './casework'
import { expect, test, type City } from './city'
import { button, expectNarrow } from './console'
import { face, say } from './words'

const words = '东门外的护栏被撞歪，行人绕行，夜间没有照明。'

/** The session ends on the server's side of the page: its cookie counts no more. */
async function endSession(page: Page) {
  const kept = (await page.context().cookies()).filter((c) => c.name === 'lang')
  await page.context().clearCookies()
  await page.context().addCookies(kept)
}

async function signInAgain(page: Page, city: City, lang: 'zh' | 'en', role: string) {
  await page.getByLabel(face(lang, 'ui.signIn.login'), { exact: true }).fill(city.account(role).login)
  await page.getByLabel(face(lang, 'ui.signIn.password'), { exact: true }).fill(city.account(role).password)
  await button(page, face(lang, 'ui.signIn.do')).click()
}

for (const [lang, phone] of [
  ['zh', false],
  ['en', true],
] as const) {
  test(`a session that ends while a form is sent is begun again over it, and the form is sent (${lang}${phone ? ', phone' : ''})`, async ({
    city,
    browser,
  }) => {
    const page = await city.staff(browser, 'dispatcher', { lang, phone })
    const taken = await report(city, page.request, { description: `${words}${lang}` })
    await page.goto(`/console/cases/${taken.id}`)
    await button(page, await say(city, lang, 'grid.incident.verb.dismiss')).click()
    await page.locator('#move-note').fill(words)
    await endSession(page)
    await page
      .locator('.el-dialog')
      .getByRole('button', { name: await say(city, lang, 'grid.incident.verb.dismiss'), exact: true })
      .click()

    const again = page.getByRole('dialog', { name: face(lang, 'ui.again.title') })
    await expect(again).toBeVisible()
    await expectAccessible(page, 'signing in again')
    await expectNarrow(page, 'signing in again')
    await expect(again.getByLabel(face(lang, 'ui.signIn.login'), { exact: true }), 'the same account is offered').toHaveValue(
      city.account('dispatcher').login,
    )

    // Another account is not let in on what this one typed.
    await signInAgain(page, city, lang, 'auditor')
    await expect(again.getByRole('alert')).toContainText(city.account('auditor').name)
    await button(again, face(lang, 'ui.again.back').replace('{name}', city.account('dispatcher').name)).click()

    await signInAgain(page, city, lang, 'dispatcher')
    await expect(again).toBeHidden()
    await expect(page.getByText(await say(city, lang, 'grid.incident.state.dismissed')).first(), 'the step was taken').toBeVisible()
    const now = await (await page.request.get(`/api/v1/casework/cases/${taken.id}`)).json()
    expect(now.events.at(-1).note).toBe(words)
  })
}

test('another account that signs in begins the page anew', async ({ city, browser }) => {
  const page = await city.staff(browser, 'dispatcher')
  await page.goto('/console/inbox?view=all')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await endSession(page)
  await page.getByRole('link', { name: face('zh', 'ui.inbox.view.open') }).click()
  await signInAgain(page, city, 'zh', 'city_officer')
  const name = city.account('city_officer').name
  await button(page, face('zh', 'ui.again.reload').replace('{other}', name)).click()
  await expect(button(page, name)).toBeVisible()
})

test('the field app keeps what was typed when the session ends, and when the app is closed', async ({ city, browser }) => {
  const page = await city.staff(browser, 'grid_worker', { phone: true })
  await page.goto('/field/report')
  await page.locator('#r-description').fill(words)
  await endSession(page)
  await page.locator('#find-area').fill('社区')
  const again = page.getByRole('dialog', { name: face('zh', 'ui.again.title') })
  await expect(again).toBeVisible()
  await expectAccessible(page, 'signing in again in the field')
  await expectNarrow(page, 'signing in again in the field')
  await signInAgain(page, city, 'zh', 'grid_worker')
  await expect(again).toBeHidden()
  await expect(page.locator('#r-description')).toHaveValue(words)

  await page.goto('/field/me')
  await expect(button(page, face('zh', 'ui.shell.signOut'))).toBeVisible()
  await page.goto('/field/report')
  await expect(page.locator('#r-description')).toHaveValue(words)
  await expect(page.getByText(face('zh', 'ui.draft.restored'))).toBeVisible()

  // Signing out asks first, and leaves nothing to the next person.
  await page.goto('/field/me')
  await button(page, face('zh', 'ui.shell.signOut')).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectAccessible(page, 'what is not sent')
  await button(page, face('zh', 'ui.field.unsentDrop')).click()
  await signInAgain(page, city, 'zh', 'grid_worker')
  await page.getByRole('link', { name: face('zh', 'ui.field.report') }).click()
  await expect(page.locator('#r-category')).toBeVisible()
  await expect(page.locator('#r-description')).toHaveValue('')
})

for (const [lang, phone] of [
  ['zh', false],
  ['en', true],
] as const) {
  test(`a form that somebody else overtook keeps what was typed (${lang}${phone ? ', phone' : ''})`, async ({ city, browser }) => {
    const page = await city.staff(browser, 'city_officer', { lang, phone })
    const items = (await (await page.request.get('/api/v1/hall/items')).json()).items as {
      code: string
      promised: { amount: number; unit: string }
    }[]
    const found = items.find((i) => i.promised.amount > 4)!
    const path = `/api/v1/hall/items/${found.code}`
    await page.goto(`/console/hall/items/${found.code}`)
    const promise = page.locator('#item-promised')
    await promise.fill(String(found.promised.amount - 1))
    const item = await (await page.request.get(path)).json()
    expect(
      (
        await page.request.put(path, {
          data: { promised: { ...item.promised, amount: found.promised.amount - 2 }, enabled: true, version: item.version },
        })
      ).status(),
    ).toBe(200)

    await button(page, face(lang, 'ui.do.save')).click()
    const conflict = page.locator('.conflict')
    await expect(conflict).toContainText(face(lang, 'ui.item.promised'))
    await expect(promise).toHaveValue(String(found.promised.amount - 1))
    await expectAccessible(page, 'a conflict')
    await expectNarrow(page, 'a conflict')
    await button(conflict, face(lang, 'ui.conflict.keep')).click()
    await expect(promise).toHaveValue(String(found.promised.amount - 1))
    await button(page, face(lang, 'ui.do.save')).click()
    await expect(page.getByText(face(lang, 'ui.item.saved'))).toBeVisible()
    expect((await (await page.request.get(path)).json()).promised.amount).toBe(found.promised.amount - 1)
    await page.request.put(path, { data: { promised: item.promised, enabled: true, version: item.version + 2 } })
  })
}

test('a step in the field that was overtaken keeps its words and is taken on the newest state', async ({ city, browser }) => {
  const dispatcher = await city.staff(browser, 'dispatcher')
  const officer = await city.staff(browser, 'subdistrict_officer')
  const page = await city.staff(browser, 'grid_worker', { phone: true })
  const taken = await report(city, dispatcher.request, { description: `${words}在处置` })
  const { grants } = await (await page.request.get('/api/v1/session')).json()
  const at = async () => (await (await dispatcher.request.get(`/api/v1/casework/cases/${taken.id}`)).json()).version as number
  const step = async (who: Page, verb: string, data: object = {}) => {
    const answer = await who.request.post(`/api/v1/grid/incidents/${taken.id}/${verb}`, { data: { version: await at(), ...data } })
    expect(answer.status(), `${verb}: ${await answer.text()}`).toBe(200)
  }
  await step(dispatcher, 'establish')
  await step(dispatcher, 'dispatch', { unit: grants[0].bodyId })
  await step(page, 'handle')

  await page.goto(`/field/cases/${taken.id}`)
  const verb = await say(city, 'zh', 'grid.incident.verb.feed_back')
  await button(page, verb).click()
  await page.locator('#m-note').fill(words)
  await step(officer, 'supervise', { note: '请尽快办理', number: 3 })
  await button(page, verb).click()
  await expect(page.getByText(face('zh', 'ui.conflict.step'))).toBeVisible()
  await expect(page.getByRole('alert').getByText('请尽快办理')).toBeVisible()
  await expect(page.locator('#m-note')).toHaveValue(words)
  await expectAccessible(page, 'an overtaken step')
  await expectNarrow(page, 'an overtaken step')
  await button(page, face('zh', 'ui.conflict.keep')).click()
  await button(page, verb).click()
  await expect(page.getByText(await say(city, 'zh', 'grid.incident.state.fed_back')).first()).toBeVisible()
})

test('what was typed is asked about before it is left, by every way out', async ({ city, browser }) => {
  const page = await city.staff(browser, 'dispatcher')
  const taken = await report(city, page.request, { description: `${words}未保存` })
  await page.goto(`/console/cases/${taken.id}`)
  const question = page.locator('.el-message-box').filter({ hasText: face('zh', 'ui.unsaved.sure') })
  const dismiss = await say(city, 'zh', 'grid.incident.verb.dismiss')
  const stay = async (way: string) => {
    await expect(question, way).toBeVisible()
    await button(question, face('zh', 'ui.do.cancel')).click()
    await expect(question).toBeHidden()
    await expect(page.locator('#move-note'), way).toHaveValue(words)
  }
  await button(page, dismiss).click()
  await page.locator('#move-note').fill(words)
  await page.keyboard.press('Escape')
  await stay('Escape')
  await page.locator('.el-dialog__headerbtn').click()
  await stay('the cross')
  await button(page.locator('.el-dialog'), face('zh', 'ui.do.cancel')).click()
  await stay('cancel')

  // F5 and a closed tab are the browser's own question.
  const asked = page.waitForEvent('dialog')
  await page.evaluate(() => {
    setTimeout(() => location.reload())
  })
  await (await asked).dismiss()
  await expect(page.locator('#move-note')).toHaveValue(words)
  await page.keyboard.press('Escape')
  await button(question, face('zh', 'ui.unsaved.leave')).click()
  await expect(page.locator('.el-dialog:visible')).toHaveCount(0)
  await button(page, dismiss).click()
  await expect(page.locator('#move-note'), 'what was given up is gone').toHaveValue('')
})

test('a long form is there again after the tab was loaded anew, until it is sent or its account signs out', async ({ city, browser }) => {
  const page = await city.staff(browser, 'grid_worker')
  const { login, password } = city.account('grid_worker')
  expect(
    (await page.request.post('/api/v1/session', { data: { login, password } })).status(),
    'a session of its own, as it is ended here',
  ).toBe(200)
  await page.goto('/console/grid/new')
  await page.locator('#report-description').fill(words)
  page.once('dialog', (d) => void d.accept())
  await page.reload()
  await expect(page.locator('#report-description')).toHaveValue(words)
  await expect(page.getByText(face('zh', 'ui.draft.restored'))).toBeVisible()
  await expectAccessible(page, 'a form with a draft')

  // The menu and Back ask.
  await page.getByRole('link', { name: face('zh', 'ui.nav.items') }).click()
  const question = page.locator('.el-message-box').filter({ hasText: face('zh', 'ui.unsaved.sure') })
  await button(question, face('zh', 'ui.do.cancel')).click()
  await expect(page).toHaveURL(/grid\/new/)

  // Whoever signs out leaves nothing behind.
  await button(page, city.account('grid_worker').name).click()
  await page.getByRole('menuitem', { name: face('zh', 'ui.shell.signOut') }).click()
  await button(question, face('zh', 'ui.unsaved.leave')).click()
  await expect(page.locator('#password')).toBeVisible()
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.startsWith('ll.draft')))).toEqual([])
})
