/** Help leads to the section about the page, before a sign-in too; a file that was refused is there after the sign-in. */
import type { Page } from '@playwright/test'
import { expect, test } from './city'
import { face } from './words'

/** Presses the help of a page, and expects the manual at the section of that name, in view. */
async function pressHelp(page: Page, slug: string, section: string): Promise<void> {
  const [manual] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: face('zh', 'ui.shell.help'), exact: true }).click(),
  ])
  await expect(manual).toHaveURL(new RegExp(`/manual/${slug}#${section}$`))
  await expect(manual.locator(`[id="${section}"]`)).toBeInViewport()
  await manual.close()
}

test('help opens the manual at the section of the page', async ({ city, browser }) => {
  const window = await city.staff(browser, 'window_worker')
  await window.goto('/console/hall/items')
  await pressHelp(window, 'window', 'items')
  const officer = await city.staff(browser, 'city_officer')
  await officer.goto('/console/indicators')
  await pressHelp(officer, 'admin', 'indicators')
  const worker = await city.staff(browser, 'grid_worker', { phone: true })
  await worker.goto('/field/me')
  await pressHelp(worker, 'grid', 'me')
})

test('help in the field opens without signal, with its style and pictures', async ({ city, browser }) => {
  const worker = await city.staff(browser, 'grid_worker', { phone: true })
  await worker.goto('/field/me')
  await worker.evaluate(async () => void (await navigator.serviceWorker.ready))
  await worker.reload()
  await worker.context().setOffline(true)
  const [manual] = await Promise.all([
    worker.waitForEvent('popup'),
    worker.getByRole('link', { name: face('zh', 'ui.shell.help'), exact: true }).click(),
  ])
  await expect(manual.locator('[id="me"]')).toBeInViewport()
  const picture = manual.locator('main img').first()
  await picture.scrollIntoViewIfNeeded()
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  expect(await manual.locator('.doors-bar').evaluate((bar) => getComputedStyle(bar).backgroundColor)).not.toBe('rgba(0, 0, 0, 0)')
  await worker.context().setOffline(false)
})

test('help is there before anybody has signed in', async ({ city, browser }) => {
  const page = await city.resident(browser)
  await page.goto('/console/sign-in')
  await pressHelp(page, 'admin', 'sign-in')
  await page.goto('/field/sign-in')
  await pressHelp(page, 'grid', 'sign-in')
})

test('a link to a file that is refused leads to the sign-in, and then to the file', async ({ city, browser }) => {
  const { login, password, area } = city.account('city_officer')
  const page = await city.resident(browser)
  await page.goto(`/api/v1/casework/export?view=all&area=${area}&format=csv&columns=number,title`)
  await page.locator('a[href*="/console/sign-in"]').first().click()
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(password)
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('form button[type="submit"]').click()])
  expect(file.suggestedFilename()).toMatch(/\.csv$/)
  await expect(page.getByRole('main'), 'the page behind it is the first one').toContainText(/\S/)
})
