/** Every page of the portal and the main ones of console and field: axe finds nothing, no page is
 *  wider than a phone, and a portal page weighs at most 60 kB gzipped with everything it loads. */
import { gzipSync } from 'node:zlib'
import { expectAccessible } from './access'
import { expect, test, type City, type Language } from './city'
import { expectNarrow } from './console'
import { face } from './words'
import type { Page } from '@playwright/test'

const portal = (city: City) => {
  const community = city.account('window_worker').area
  return [
    '/',
    '/search?q=lndx',
    '/hall',
    '/hall/senior_card',
    '/hall/senior_card/apply',
    '/report',
    '/track',
    '/communities',
    `/communities/${community.slice(0, 6)}`,
    `/communities/${community}`,
    '/about',
    '/accessibility',
    '/nothing-here',
  ]
}

for (const lang of ['zh', 'en'] as Language[]) {
  test(`portal, ${lang}`, async ({ city, browser }) => {
    test.setTimeout(180_000)
    const page = await city.resident(browser, { lang, phone: true })
    const weight = weigh(page)
    for (const path of portal(city)) {
      weight.reset()
      await page.goto(path, { waitUntil: 'networkidle' })
      expect.soft(await weight.total(), `${path} weighs at most 60 kB`).toBeLessThanOrEqual(60 * 1024)
      await expectNarrow(page, path)
      await expectAccessible(page, `${lang} ${path}`)
    }
    await page.goto('/large-print?on=1&back=/')
    await expectNarrow(page, 'large print')
    await expectAccessible(page, `${lang} large print`)
    await page.goto('/hall/senior_card/apply')
    await expectAccessible(page, `${lang} form in large print`)
  })

  test(`console, ${lang}`, async ({ city, browser }) => {
    test.setTimeout(180_000)
    const visitor = await city.resident(browser, { lang })
    await visitor.goto('/console/sign-in')
    await expect(visitor.locator('#login')).toBeVisible()
    await expectAccessible(visitor, `${lang} sign-in`)
    const officer = await city.staff(browser, 'city_officer', { lang })
    for (const path of [
      '',
      'inbox?view=all',
      `registry/${city.account('window_worker').area}`,
      'hall/items',
      'hall/items/senior_card',
      'grid/categories',
      'routes',
      'rules',
      'calendar',
      'flows',
      'followups',
      'appeals',
      'indicators',
    ]) {
      await settled(officer, `/console/${path}`, lang)
      await expectAccessible(officer, `${lang} console/${path}`)
    }
    const window_ = await city.staff(browser, 'window_worker', { lang })
    for (const path of ['hall/new/senior_card', 'grid/new', `cases/${await anyCase(window_)}`]) {
      await settled(window_, `/console/${path}`, lang)
      await expectAccessible(window_, `${lang} console/${path}`)
    }
    const administrator = await city.staff(browser, 'system_administrator', { lang })
    await settled(administrator, '/console/access/accounts', lang)
    await expectAccessible(administrator, `${lang} console/access/accounts`)
  })

  test(`console on a phone, ${lang}`, async ({ city, browser }) => {
    test.setTimeout(180_000)
    const street = await city.staff(browser, 'subdistrict_officer', { lang, phone: true })
    for (const path of [
      '',
      'inbox?view=all',
      `cases/${await anyCase(street)}`,
      'grid/rechecks',
      'routes',
      'grid/categories',
      'hall/items',
      'hall/items/senior_card',
      'rules',
      'calendar',
      'flows',
      'followups',
      'appeals',
      'indicators',
    ]) {
      await settled(street, `/console/${path}`, lang)
      await expectNarrow(street, `console/${path}`)
      await expectAccessible(street, `${lang} console/${path} on a phone`)
    }
    const clerk = await city.staff(browser, 'department_clerk', { lang, phone: true })
    await settled(clerk, '/console/parts', lang)
    await expectNarrow(clerk, 'console/parts')
    await expectAccessible(clerk, `${lang} console/parts on a phone`)
  })

  test(`field, ${lang}`, async ({ city, browser }) => {
    const page = await city.staff(browser, 'grid_worker', { lang, phone: true })
    await settled(page, '/field/', lang)
    await expectNarrow(page, 'field')
    await expectAccessible(page, `${lang} field`)
    await settled(page, `/field/cases/${await anyCase(page)}`, lang)
    await expectNarrow(page, 'a case in the field')
    await expectAccessible(page, `${lang} field case`)
  })
}

/** Opens a page of a face and waits until its heading stands and nothing is loading. */
async function settled(page: Page, path: string, lang: Language): Promise<void> {
  await page.goto(path, { waitUntil: 'networkidle' })
  await expect(page.locator('h1').first()).toBeVisible()
  await expect(page.getByText(face(lang, 'ui.state.loading'), { exact: true })).toHaveCount(0)
}

async function anyCase(page: Page): Promise<string> {
  const found = await (await page.request.get('/api/v1/casework/cases?view=all&limit=1')).json()
  expect(found.items.length, 'the demo has a case in reach').toBeGreaterThan(0)
  return found.items[0].id
}

/** Sums up what the page and everything it loads weigh, gzipped. */
function weigh(page: Page) {
  let bodies: Promise<number>[] = []
  page.on('response', (response) => {
    bodies.push(
      response.body().then(
        (body) => (response.request().resourceType() === 'image' ? body.length : gzipSync(body).length),
        () => 0,
      ),
    )
  })
  return {
    reset: () => {
      bodies = []
    },
    total: async () => (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0),
  }
}
