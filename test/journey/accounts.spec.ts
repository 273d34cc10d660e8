/** Accounts in the console: a role given and taken away, a session ended from elsewhere, messages, one's own safety. */
import { expectAccessible } from './access'
import { expect, test } from './city'
import { agree, button, choose, chooseArea, expectNarrow } from './console'
import { walkForm } from './portal'
import { face, say } from './words'

test('the security administrator gives a role on a phone and takes it away', async ({ city, browser }) => {
  const lang = 'en'
  const maker = await city.staff(browser, 'system_administrator')
  const made = await maker.request.post('/api/v1/access/accounts', {
    data: { login: 'journey.helper', name: '严助理', password: 'kelp-harbour-2026-Tin' },
  })
  expect(made.status()).toBe(201)

  const page = await city.staff(browser, 'security_administrator', { lang, phone: true })
  await page.goto('/console/access/accounts')
  await page.getByLabel(face(lang, 'ui.accounts.find')).fill('journey.helper')
  await button(page, face(lang, 'ui.do.search')).click()
  await button(page, face(lang, 'ui.account.openOf').replace('{name}', '严助理')).click()
  const drawer = page.getByRole('dialog', { name: /严助理/ })
  await button(drawer, face(lang, 'ui.grant.add')).click()
  const community = city.account('window_worker').area
  await choose(page, drawer, face(lang, 'ui.grant.role'), await say(city, lang, 'role.window_worker'))
  await chooseArea(page, drawer, face(lang, 'ui.grant.area'), community)
  await expectAccessible(page, 'a role to be given')
  await button(drawer, face(lang, 'ui.grant.add')).click()
  const remove = drawer.getByRole('button', { name: new RegExp(`${await say(city, lang, 'role.window_worker')}`) })
  await expect(remove).toHaveCount(1)
  await expectNarrow(page, 'an account')
  await remove.click()
  await agree(page, face(lang, 'ui.grant.remove'))
  await expect(remove).toHaveCount(0)
})

test('a person ends a session in another browser, which is then signed out', async ({ city, browser }) => {
  const { login, password } = city.account('council_member')
  const here = await city.staff(browser, 'council_member')
  const other = await city.resident(browser)
  expect((await other.request.post('/api/v1/session', { data: { login, password } })).status()).toBe(200)
  await here.goto('/console/safety')
  const end = here.getByRole('button', { name: new RegExp(face('zh', 'ui.sessions.endOf').split('{where}')[0]!) })
  await expect(end).toHaveCount(1)
  await expectAccessible(here, 'sign-in and security')
  await end.click()
  await agree(here, face('zh', 'ui.sessions.end'))
  await expect(end).toHaveCount(0)
  expect((await other.request.get('/api/v1/session')).status()).toBe(401)
  await here.setViewportSize({ width: 390, height: 844 })
  await expectNarrow(here, 'sign-in and security')
})

test('a person adds a passkey, signs in with it without a password, and takes it away', async ({ city, browser }) => {
  const lang = 'en'
  const { login, password } = city.account('supervisory_member')
  // A passkey belongs to a host by its name: an address has none.
  const context = await browser.newContext({
    baseURL: city.url.replace('127.0.0.1', 'localhost'),
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
  })
  await context.addCookies([{ name: 'lang', value: lang, domain: 'localhost', path: '/' }])
  const page = await context.newPage()
  const device = await context.newCDPSession(page)
  await device.send('WebAuthn.enable')
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })

  await page.goto('/console/sign-in?next=/safety')
  await page.getByLabel(face(lang, 'ui.signIn.login')).fill(login)
  await page.locator('#password').fill(password)
  await button(page, face(lang, 'ui.signIn.do')).click()
  await page.getByLabel(face(lang, 'ui.passkey.name')).fill('Office phone')
  await button(page, face(lang, 'ui.passkey.add')).click()
  await expect(page.locator('.codes li').first(), 'recovery codes are shown once').toBeVisible()
  await expectAccessible(page, 'a fresh passkey')
  await expectNarrow(page, 'a fresh passkey')
  expect((await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials).toHaveLength(1)
  await button(page, face(lang, 'ui.recovery.kept')).click()
  await expect(page.getByText('Office phone')).toBeVisible()

  await page.locator('header .el-dropdown').getByRole('button').last().click()
  await page.getByRole('menuitem', { name: face(lang, 'ui.shell.signOut'), exact: true }).click()
  await page.goto('/console/sign-in?next=/safety')
  await button(page, face(lang, 'ui.passkey.signIn')).click()
  await expect(page.getByText('Office phone'), 'no password was asked for').toBeVisible()
  await expect(page.getByText(face(lang, 'ui.sessions.way.passkey')).first()).toBeVisible()

  await page.getByRole('listitem').filter({ hasText: 'Office phone' }).getByRole('button').click()
  const box = page.locator('.el-message-box')
  await box.locator('input').fill(password)
  await button(box, face(lang, 'ui.do.goOn')).click()
  await expect(page.getByText('Office phone')).toHaveCount(0)
  await context.close()
})

test('messages and roles are read in both languages, on a phone too', async ({ city, browser }) => {
  const resident = await city.resident(browser, { javaScriptEnabled: false })
  await resident.goto('/report')
  await walkForm(resident, { area: city.account('window_worker').area, name: '蒋文静', phone: '13912345678', description: '井盖松动' })
  await resident.goto('/me')
  await resident.locator('main input[name=phone]').fill('13912345678')
  await resident.locator('main form button').first().click()
  for (const lang of ['zh', 'en'] as const) {
    const page = await city.staff(browser, 'system_administrator', { lang, phone: true })
    await page.goto('/console/messages')
    await expect(page.getByText('139****5678').first()).toBeVisible()
    await expectNarrow(page, 'messages')
    await expectAccessible(page, `messages, ${lang}`)
    await page.goto('/console/access/roles')
    await expect(page.getByText(await say(city, lang, 'permission.hall.application.accept'), { exact: true })).toBeVisible()
    await expectNarrow(page, 'roles')
    await expectAccessible(page, `roles, ${lang}`)
  }
})
