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

for (const [lang, phone] of [['zh', false], ['en', true]] as const) {
  test(`a session that ends while a form is sent is begun again over it, and the form is sent (${lang}${phone ? ', phone' : ''})`, async ({ city, browser }) => {
    const page = await city.staff(browser, 'dispatcher', { lang, phone })
    const taken = await report(city, page.request, { description: `${words}${lang}` })
    await page.goto(`/console/cases/${taken.id}`)
    await button(page, await say(city, lang, 'grid.incident.verb.dismiss')).click()
    await page.locator('#move-note').fill(words)
    await endSession(page)
    await page.locator('.el-dialog').getByRole('button', { name: await say(city, lang, 'grid.incident.verb.dismiss'), exact: true }).click()

    const again = page.getByRole('dialog', { name: face(lang, 'ui.again.title') })
    await expect(again).toBeVisible()
    await expectAccessible(page, 'signing in again')
    await expectNarrow(page, 'signing in again')
    await expect(again.getByLabel(face(lang, 'ui.signIn.login'), { exact: true }), 'the same account is offered').toHaveValue(city.account('dispatcher').login)

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
