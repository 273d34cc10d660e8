/** Journey B: an incident, from a photo in the street to the rating; its handler never closes it. */
import { CasePage, dispatchTo, note } from './casework'
import { expect, test, type City } from './city'
import { photo } from './photo'
import { follow, rate, walkForm } from './portal'
import { say } from './words'

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
  const [first, second] = [await report(city, request, key), await report(city, request, key)]
  expect(second.id).toBe(first.id)
})

async function report(city: City, request: Awaited<ReturnType<City['staff']>>['request'], clientKey: string = crypto.randomUUID()): Promise<{ id: string; number: string; code: string }> {
  const categories = (await (await request.get('/api/v1/grid/categories')).json()).items as { code: string; parent: string }[]
  const category = categories.find((c) => c.parent !== '')!
  const answer = await request.post('/api/v1/grid/incidents', {
    data: {
      category: category.code,
      description: '路边堆放垃圾',
      place: { text: '东门公交站旁' },
      area: city.account('grid_worker').area.slice(0, 12),
      clientKey,
      channel: 'console',
    },
  })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}
