/** The README's pictures, taken from the running demo into docs/pictures. */
import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { test } from './city'
import { follow } from './portal'

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const largest = 200 * 1024

async function draw(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const path = `${folder}${name}.png`
  await page.screenshot({ path, animations: 'disabled' })
  expect(statSync(path).size, `${name} is small enough for a README`).toBeLessThan(largest)
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: 'networkidle' })
  await expect(page.locator('h1').first()).toBeVisible()
}

test('pictures', async ({ city, browser }) => {
  const community = city.account('window_worker').area
  const resident = await city.resident(browser)
  await resident.setViewportSize({ width: 1000, height: 760 })
  for (const [name, path] of [['home', '/'], ['guide', '/hall/senior_card'], ['community', `/communities/${community}`]] as const) {
    await visit(resident, path)
    await draw(resident, `portal-${name}`)
  }

  const window_ = await city.staff(browser, 'window_worker')
  const taken = await window_.request.post('/api/v1/grid/incidents', {
    data: {
      category: await firstCategory(window_), description: '公交站旁堆放生活垃圾，已有两天。', place: { text: '东门公交站' },
      area: community, clientKey: crypto.randomUUID(), channel: 'window',
    },
  })
  const { code, id } = await taken.json()
  await follow(resident, code)
  await draw(resident, 'portal-track')

  const officer = await city.staff(browser, 'city_officer')
  await visit(officer, '/console/')
  await draw(officer, 'console-home')
  const dispatcher = await city.staff(browser, 'dispatcher')
  await visit(dispatcher, '/console/inbox?view=open')
  await draw(dispatcher, 'console-inbox')
  await visit(dispatcher, `/console/cases/${id}`)
  await draw(dispatcher, 'console-case')

  const grid = await city.staff(browser, 'grid_worker', { phone: true })
  await grid.goto('/field/', { waitUntil: 'networkidle' })
  await draw(grid, 'field-home')
})

async function firstCategory(page: Page): Promise<string> {
  const { items } = await (await page.request.get('/api/v1/grid/categories')).json()
  return items.find((c: { parent: string }) => c.parent !== '').code
}
