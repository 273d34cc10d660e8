/** The README's pictures, taken from the running demo into docs/pictures. */
import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { test } from './city'
import { follow } from './portal'
import { face, say } from './words'

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const largest = 200 * 1024

async function draw(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const path = `${folder}${name}.png`
  await page.screenshot({ path, animations: 'disabled' })
  expect(statSync(path).size, `${name} is small enough for a README`).toBeLessThan(largest)
}

/** Opens a page of a face and waits until nothing is loading. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: 'networkidle' })
  await expect(page.locator('[aria-busy=true]:visible')).toHaveCount(0)
}

test('pictures', async ({ city, browser }) => {
  const community = city.account('window_worker').area
  const resident = await city.resident(browser)
  await resident.setViewportSize({ width: 1000, height: 760 })
  await visit(resident, '/')
  await draw(resident, 'portal-home')
  await visit(resident, '/hall/subsistence_allowance')
  await resident.getByRole('heading', { name: await say(city, 'zh', 'hall.page.bring') }).evaluate((heading) => heading.scrollIntoView())
  await draw(resident, 'portal-guide')
  await visit(resident, `/communities/${community}`)
  await resident.locator('#bodies').evaluate((heading) => heading.scrollIntoView())
  await draw(resident, 'portal-community')

  const dispatcher = await city.staff(browser, 'dispatcher')
  await dispatcher.setViewportSize({ width: 1200, height: 760 })
  const taken = await dispatcher.request.post('/api/v1/grid/incidents', {
    data: {
      category: await firstCategory(dispatcher),
      description: '公交站旁堆放生活垃圾，已有两天。',
      place: { text: '东门公交站' },
      area: community,
      clientKey: crypto.randomUUID(),
      channel: 'console',
    },
  })
  await follow(resident, (await taken.json()).code)
  await draw(resident, 'portal-track')
  await visit(dispatcher, '/console/inbox?view=open')
  await dispatcher.setViewportSize({ width: 1200, height: 640 })
  await draw(dispatcher, 'console-inbox')
  await dispatcher.setViewportSize({ width: 1200, height: 760 })
  await visit(dispatcher, `/console/cases/${await caseIn(dispatcher, 'fed_back')}`)
  await draw(dispatcher, 'console-case')

  const officer = await city.staff(browser, 'city_officer')
  await officer.setViewportSize({ width: 1200, height: 760 })
  await visit(officer, '/console/')
  await draw(officer, 'console-home')

  const grid = await city.staff(browser, 'grid_worker', { phone: true })
  await visit(grid, '/field/')
  await grid.getByRole('button', { name: face('zh', 'ui.inbox.view.unit'), exact: true }).click()
  await expect(grid.locator('ul.list li').first()).toBeVisible()
  await draw(grid, 'field-home')
})

async function firstCategory(page: Page): Promise<string> {
  const { items } = await (await page.request.get('/api/v1/grid/categories')).json()
  return items.find((c: { parent: string }) => c.parent !== '').code
}

/** The newest incident in a state, or the newest of all. */
async function caseIn(page: Page, state: string): Promise<string> {
  for (const query of [`state=${state}`, '']) {
    const { items } = await (await page.request.get(`/api/v1/casework/cases?view=all&kind=incident&limit=1&${query}`)).json()
    if (items.length) return items[0].id
  }
  throw new Error('the demo has no incident')
}
