/** Journey B: an incident, from a photo in the street to the rating; its handler never closes it. */
import { expectAccessible } from './access'
import { CasePage, dispatchTo, note, report, step } from './casework'
import { expect, test } from './city'
import { button, expectNarrow } from './console'
import { photo } from './photo'
import { follow, rate, walkForm } from './portal'
import { face, say } from './words'

const flow = 'grid.incident'

test('a resident reports with a photo; it is dispatched, handled, checked by someone else, closed and rated', async ({ city, browser }) => {
  const resident = await city.resident(browser, { lang: 'en', phone: true })
  await resident.goto('/report')
  const { code, number } = await walkForm(resident, {
    description: 'Household waste beside the bus stop since yesterday',
    area: city.account('grid_worker').area.slice(0, 12),
    text: 'Bus stop at the east gate',
    name: 'Resident of the east gate',
    phone: '13805139999',
    files: photo(),
  })

  const dispatcher = new CasePage(city, await city.staff(browser, 'dispatcher', { lang: 'en' }), flow, 'en')
  await dispatcher.find(number)
  await expect(dispatcher.page.getByRole('main').locator('img').first()).toBeVisible()
  await dispatcher.move('establish', 'established')
  const workerPage = await city.staff(browser, 'grid_worker', { lang: 'en' })
  await dispatchTo(workerPage, dispatcher)
  const worker = new CasePage(city, workerPage, flow, 'en')
  await worker.find(number)
  await worker.move('handle', 'handling')
  await worker.move('feed_back', 'fed_back', note('The waste was taken away and the place was swept.'))
  await worker.mayNot('verify')
  await worker.mayNot('close')
  const id = new URL(workerPage.url()).pathname.split('/').pop()
  const seen = await (await workerPage.request.get(`/api/v1/casework/cases/${id}`)).json()
  const refused = await workerPage.request.post(`/api/v1/grid/incidents/${id}/verify`, { data: { version: seen.version } })
  expect(refused.status()).toBe(409)
  const problem = await refused.json()
  expect(problem.key).toBe('grid.incident.verifier_is_handler')
  expect(problem.rule.basis).not.toBe('')

  await dispatcher.page.reload()
  await dispatcher.move('verify', 'verified', note('Looked at the place: clean.'))
  await dispatcher.move('close', 'closed')

  await follow(resident, code)
  await rate(resident, 4)
  const main = resident.getByRole('main')
  await expect(main.getByText(await say(city, 'en', 'grid.incident.state.rated')).first()).toBeVisible()
})

test('work that was not done well goes back to the handler', async ({ city, browser }) => {
  const dispatcher = new CasePage(city, await city.staff(browser, 'dispatcher'), flow, 'zh')
  const taken = await report(city, dispatcher.page.request)
  await dispatcher.open(taken.id)
  await dispatcher.move('establish', 'established')
  const worker = new CasePage(city, await city.staff(browser, 'grid_worker'), flow, 'zh')
  await dispatchTo(worker.page, dispatcher)
  await worker.open(taken.id)
  await worker.move('handle', 'handling')
  await worker.move('feed_back', 'fed_back', note('已处理。'))
  await dispatcher.page.reload()
  await dispatcher.move('rework', 'dispatched', note('现场仍有垃圾。'))
  await worker.page.reload()
  await worker.move('handle', 'handling')
})

test('a report sent twice from a bad line arrives once', async ({ city, browser }) => {
  const request = (await city.staff(browser, 'grid_worker')).request
  const key = crypto.randomUUID()
  const [first, second] = [await report(city, request, { clientKey: key }), await report(city, request, { clientKey: key })]
  expect(second.id).toBe(first.id)
})

test('a closing that was drawn is looked at by somebody who had no hand in it', async ({ city, browser }) => {
  const page = await city.staff(browser, 'subdistrict_officer')
  await page.goto('/console/grid/rechecks')
  const row = page.getByRole('row').nth(1)
  const number = (await row.locator('.ll-small').first().innerText()).split(' ')[0]!
  const confirm = await say(city, 'zh', 'grid.incident.verb.confirm')
  await button(row, confirm).click()
  const dialog = page.getByRole('dialog', { name: confirm })
  await note('现场与结案情况一致。')(dialog)
  await expectAccessible(page, 'the form of a check')
  await button(dialog, confirm).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('row').filter({ hasText: number })).toHaveCount(0)
  await page.getByText(face('zh', 'ui.rechecks.done'), { exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: number })).toContainText(face('zh', 'ui.rechecks.confirmed'))
})

test('a low rating is followed up by somebody who had no part in the work', async ({ city, browser }) => {
  const lang = 'en'
  const dispatcher = (await city.staff(browser, 'dispatcher')).request
  const urban = (await city.staff(browser, 'urban')).request
  const taken = await report(city, dispatcher, { description: '绿化带里有建筑垃圾，草皮压坏' })
  await step(dispatcher, taken.id, 'establish')
  await step(dispatcher, taken.id, 'dispatch')
  await step(urban, taken.id, 'handle')
  await step(urban, taken.id, 'feed_back', { note: '已清运。' })
  await step(dispatcher, taken.id, 'verify')
  await step(dispatcher, taken.id, 'close')
  const resident = await city.resident(browser, { javaScriptEnabled: false, phone: true })
  await follow(resident, taken.code)
  await rate(resident, 1)

  const page = await city.staff(browser, 'subdistrict_officer', { lang, phone: true })
  await page.goto('/console/followups')
  const card = page.getByRole('main').locator('li.panel').filter({ hasText: taken.number })
  const contact = await say(city, lang, 'casework.followup.verb.contact')
  await expectNarrow(page, 'low ratings')
  await expectAccessible(page, 'low ratings')
  await button(card, contact).click()
  await page.locator('#followup-note').fill('Called: the lawn is to be sown again.')
  await expectAccessible(page, 'the form of a follow-up')
  await button(page.getByRole('dialog', { name: contact }), contact).click()
  await expect(card).toContainText('sown again')
  await expect(card).toContainText(await say(city, lang, 'casework.followup.state.contacted'))
})
