/** Journey A: a service application, from the resident's phone to the rating, and the ways back. */
import { CasePage, note, submit } from './casework'
import { expect, test, type City } from './city'
import { follow, rate, walkForm, type Answers } from './portal'
import { face, say } from './words'

const flow = 'hall.application'
const applicant: Answers = { name: '张桂兰', phone: '13805131234', idNumber: '34052419800101001X', address: '海棠路 12 号 3 单元 501 室' }

/** The community in which the demo's window worker sits. */
const community = (city: City) => city.account('window_worker').area

test('a resident applies without JavaScript, and everybody does their part until the rating', async ({ city, browser }) => {
  const resident = await city.resident(browser, { javaScriptEnabled: false })
  await resident.goto('/hall/senior_card')
  await resident
    .getByRole('main')
    .getByRole('link', { name: await say(city, 'zh', 'hall.page.apply') })
    .first()
    .click()
  const { code, number } = await walkForm(resident, { ...applicant, area: community(city) })

  const window_ = await city.staff(browser, 'window_worker')
  const atWindow = new CasePage(city, window_, flow, 'zh')
  await atWindow.find(number)
  await atWindow.mayNot('review')
  await atWindow.move('accept', 'accepted')

  const clerk = new CasePage(city, await city.staff(browser, 'department_clerk'), flow, 'zh')
  await clerk.find(number)
  await clerk.move('review', 'reviewed', async (form) => {
    await form.getByRole('radio', { name: await say(city, 'zh', 'hall.application.choice.pass'), exact: true }).check({ force: true })
    await note('材料齐全，符合条件。')(form)
  })
  await clerk.mayNot('approve')

  const decider = await city.staff(browser, 'department_head')
  const head = new CasePage(city, decider, flow, 'zh')
  await head.find(number)
  await expect(
    decider.locator('section[aria-labelledby=matter]').getByText(await say(city, 'zh', 'hall.application.choice.pass'), { exact: true }),
  ).toBeVisible()
  await head.move('approve', 'approved', note('同意。'))

  await window_.reload()
  await atWindow.move('deliver', 'delivered', note('已送达本人。'))

  await follow(resident, code)
  const main = resident.getByRole('main')
  await expect(main.getByText(await say(city, 'zh', 'hall.application.state.delivered')).first()).toBeVisible()
  await expect(main.getByText(applicant.name as string)).toHaveCount(0) // masked, even to the holder of the code
  await rate(resident, 5)
  await expect(main.getByText(await say(city, 'zh', 'hall.application.state.rated')).first()).toBeVisible()

  const again = await resident.request.post('/api/v1/casework/follow/rate', { data: { code, level: 1, choice: '1' } })
  expect(again.status(), 'a rating is given once').toBeGreaterThanOrEqual(400)
})

test('what is missing is told once, and a second return is refused with its article', async ({ city, browser }) => {
  const window_ = await city.staff(browser, 'window_worker', { lang: 'en' })
  const taken = await submit(city, window_.request)
  const atWindow = new CasePage(city, window_, flow, 'en')
  await atWindow.open(taken.id)
  await atWindow.move('return', 'returned', async (form) => {
    await form.locator('#move-lines').fill('Photo of the identity document\nOne recent photo')
  })

  const resident = await city.resident(browser, { lang: 'en', phone: true })
  await follow(resident, taken.code)
  const main = resident.getByRole('main')
  await expect(main.getByText('One recent photo').first()).toBeVisible()
  await resident.getByRole('button', { name: await say(city, 'en', 'casework.page.do.resubmit') }).click()
  await expect(main.getByText(await say(city, 'en', 'hall.application.state.submitted')).first()).toBeVisible()

  await window_.reload()
  await atWindow.stands('submitted')
  await atWindow.mayNot('return')
  const seen = await (await window_.request.get(`/api/v1/casework/cases/${taken.id}`)).json()
  const refused = await window_.request.post(`/api/v1/hall/applications/${taken.id}/return`, {
    data: { version: seen.version, lines: ['One more'] },
  })
  expect(refused.status()).toBe(409)
  const problem = await refused.json()
  expect(problem.key).toBe('hall.application.returned_once')
  expect(problem.rule.article).not.toBe('')
})

test('of two people who act on the same sight of a case, the second is told and sees what it is now', async ({ city, browser }) => {
  const first = await city.staff(browser, 'window_worker')
  const second = await city.staff(browser, 'window_worker')
  const taken = await submit(city, first.request)
  const faster = new CasePage(city, first, flow, 'zh')
  const slower = new CasePage(city, second, flow, 'zh')
  await faster.open(taken.id)
  await slower.open(taken.id)

  const name = await say(city, 'zh', 'hall.application.verb.refuse')
  await (await slower.button('refuse')).click()
  const dialog = second.getByRole('dialog', { name })
  await note('住所不在本市。')(dialog)
  await faster.move('accept', 'accepted')
  await dialog.getByRole('button', { name, exact: true }).click()

  await expect(dialog.getByRole('alert')).toContainText(face('zh', 'ui.conflict.step'))
  await expect(dialog.getByRole('alert')).toContainText(city.account('window_worker').name)
  await expect(dialog.locator('#move-note'), 'what was typed stays').toHaveValue('住所不在本市。')
  await slower.stands('accepted')
  await slower.mayNot('refuse')
})

test('what a role may not do is neither shown nor possible', async ({ city, browser }) => {
  const window_ = await city.staff(browser, 'window_worker')
  const taken = await submit(city, window_.request)
  const grid = await city.staff(browser, 'grid_worker')
  const seen = await grid.request.get(`/api/v1/casework/cases/${taken.id}`)
  if (seen.ok()) expect((await seen.json()).allowed.map((m: { verb: string }) => m.verb)).not.toContain('accept')
  const refused = await grid.request.post(`/api/v1/hall/applications/${taken.id}/accept`, { data: { version: 1 } })
  expect([403, 404]).toContain(refused.status())

  const stranger = await city.resident(browser)
  expect((await stranger.request.get(`/api/v1/casework/cases/${taken.id}`)).status()).toBe(401)
  const wrong = await stranger.request.post('/api/v1/casework/follow', {
    data: { code: taken.code.replace(/.$/, (c) => (c === '2' ? '3' : '2')) },
  })
  expect(wrong.status()).toBe(404)
  expect((await wrong.json()).key).toBe('casework.code')
})
