/** What a resident does in the portal: fills one page of questions after the other. */
import { expect, type Page } from '@playwright/test'

/** Values by the name of the field; what is not named gets a plain answer of its kind. */
export type Answers = Record<string, string | { name: string; mimeType: string; buffer: Buffer }>

/** Answers every question that the page shows; a community is found by its code first. */
export async function fillPage(page: Page, answers: Answers): Promise<void> {
  const pick = page.locator('main fieldset#f-area')
  if (await pick.count()) {
    const area = answers.area as string
    if (!(await pick.locator(`input[type=radio][value="${area}"]`).count())) {
      await pick.locator('input[name=words]').fill(area)
      await pick.locator('button[name=find]').click()
    }
    await pick.locator(`input[type=radio][value="${area}"]`).check()
  }
  const fields = page.locator('main form .field:not(#f-area)')
  for (let i = 0; i < (await fields.count()); i++) {
    const field = fields.nth(i)
    const control = field.locator('input:not([type=hidden]), select, textarea').first()
    if (!(await control.count())) continue
    const name = (await control.getAttribute('name')) ?? ''
    const answer = answers[name]
    if (answer !== undefined && typeof answer !== 'string') await control.setInputFiles(answer)
    else await fillField(field, control, answer)
  }
}

async function fillField(field: ReturnType<Page['locator']>, control: ReturnType<Page['locator']>, answer?: string): Promise<void> {
  const tag = await control.evaluate((element) => element.tagName.toLowerCase())
  const kind = tag === 'input' ? ((await control.getAttribute('type')) ?? 'text') : tag
  switch (kind) {
    case 'radio':
      await (answer ? field.locator(`input[value="${answer}"]`) : field.locator('input[type=radio]').first()).check()
      break
    case 'select':
      if (answer) await control.selectOption(answer)
      else if (!(await control.inputValue())) await control.selectOption({ index: 1 })
      break
    case 'checkbox':
      for (const value of answer?.split(' ') ?? []) await field.locator(`input[value="${value}"]`).check()
      break
    case 'email':
      if (answer) await control.fill(answer)
      break
    case 'file':
      break
    default:
      if (answer !== undefined) await control.fill(answer)
      else if (!(await control.inputValue())) await control.fill(plain[kind] ?? '无')
  }
}

const plain: Record<string, string> = { date: '1950-03-05', number: '2', tel: '13812345678' }

/** Sends the page and waits for the one that answers; a page that is still leaving is not filled in again. */
async function press(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-leaving', ''))
  await page.locator('main form .press button:visible, main form.press button:visible').last().click()
  await expect(page.locator('html:not([data-leaving])')).toHaveCount(1)
  await page.waitForLoadState('domcontentloaded')
}

/** Goes from one group of questions to the next until the receipt; tells follow code and number. */
export async function walkForm(page: Page, answers: Answers): Promise<{ code: string; number: string }> {
  const receipt = page.locator('article.receipt')
  for (let step = 0; step < 12 && !(await receipt.count()); step++) {
    await fillPage(page, answers)
    await press(page)
    await expect(page.locator('.refusal')).toHaveCount(0)
  }
  const code = (await receipt.locator('.code').innerText()).trim()
  const number = (await receipt.locator('dd').first().innerText()).trim()
  expect(code).not.toBe('')
  return { code, number }
}

/** Opens a case by its follow code, as its reporter does. */
export async function follow(page: Page, code: string): Promise<void> {
  await page.goto('/track')
  await page.locator('main input[name=code]').fill(code)
  await page.locator('main form').getByRole('button').first().click()
  await expect(page.locator('ol.timeline')).toBeVisible()
}

/** Gives the first rating that the page asks for; what is added to it later is another step. */
export async function rate(page: Page, level: number): Promise<void> {
  const asked = page.locator('section[aria-labelledby=rate] form[action*="/rate?"]')
  await asked.locator(`input[type=radio][value="${level}"]`).check()
  await asked.getByRole('button').click()
  await expect(asked).toHaveCount(0)
  await expect(page.locator('ol.timeline')).toBeVisible()
}
