/** What journeys do with the console's own controls. */
import { expect, type Locator, type Page } from '@playwright/test'

/** Opens a select by its label and takes an option by its name. */
export async function choose(page: Page, within: Page | Locator, label: string, option: string | RegExp): Promise<void> {
  await within
    .locator('.el-select')
    .filter({ has: page.getByRole('combobox', { name: label, exact: true }) })
    .click()
  await page
    .locator('.el-select-dropdown:visible')
    .getByRole('option', { name: option, exact: typeof option === 'string' })
    .first()
    .click()
}

/** Finds an area by its code in a field that searches the register. */
export async function chooseArea(page: Page, within: Page | Locator, label: string, code: string): Promise<void> {
  const field = within.getByRole('combobox', { name: label, exact: true })
  await expect(page.locator('.el-select-dropdown:visible')).toHaveCount(0) // one that was just used fades out
  await field.click()
  await field.fill(code)
  await page.locator('.el-select-dropdown:visible').getByRole('option').first().click()
}

/** Agrees to what the console asks before it cannot be taken back. */
export async function agree(page: Page, confirm: string): Promise<void> {
  await page.locator('.el-message-box').getByRole('button', { name: confirm, exact: true }).click()
}

export async function expectNarrow(page: Page, name: string): Promise<void> {
  const [wide, screen] = await page.locator('html').evaluate((html) => [html.scrollWidth, html.clientWidth])
  expect.soft(wide, `${name} is no wider than the screen`).toBeLessThanOrEqual(screen!)
}

/** The button of a dialog or page by its exact name. */
export const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true })
