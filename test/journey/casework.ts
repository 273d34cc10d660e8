/** What staff do with a case in the console, by the buttons that its flow allows. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { City, Language } from './city'
import { say } from './words'

export type Flow = 'hall.application' | 'grid.incident'

/** A case open in one person's browser. */
export class CasePage {
  constructor(
    readonly city: City,
    readonly page: Page,
    readonly flow: Flow,
    readonly lang: Language,
  ) {}

  async open(id: string): Promise<void> {
    await this.page.goto(`/console/cases/${id}`)
    await expect(this.page.locator('#moves')).toBeVisible()
  }

  /** Finds a case by its number through the inbox, as somebody who was told it would. */
  async find(number: string): Promise<void> {
    await this.page.goto(`/console/inbox?view=all&q=${encodeURIComponent(number)}`)
    await this.page.getByRole('main').getByRole('link', { name: new RegExp(number) }).or(this.page.getByRole('row').filter({ hasText: number }).getByRole('link')).first().click()
    await expect(this.page.locator('#moves')).toBeVisible()
  }

  async button(verb: string): Promise<Locator> {
    const name = await say(this.city, this.lang, `${this.flow}.verb.${verb}`)
    return this.page.locator('section[aria-labelledby="moves"]').getByRole('button', { name, exact: true })
  }

  /** Presses a verb's button, fills its form and sends it; the case then stands in the state. */
  async move(verb: string, state: string, fill: (form: Locator) => Promise<void> = async () => {}): Promise<void> {
    const name = await say(this.city, this.lang, `${this.flow}.verb.${verb}`)
    await (await this.button(verb)).click()
    const dialog = this.page.getByRole('dialog', { name })
    await expect(dialog).toBeVisible()
    await fill(dialog)
    await dialog.getByRole('button', { name, exact: true }).click()
    await expect(dialog).toBeHidden()
    await this.stands(state)
  }

  async stands(state: string): Promise<void> {
    await expect(this.page.getByRole('main').getByText(await say(this.city, this.lang, `${this.flow}.state.${state}`), { exact: true }).first()).toBeVisible()
  }

  async mayNot(verb: string): Promise<void> {
    await expect(this.page.locator('#moves')).toBeVisible()
    await expect(await this.button(verb)).toHaveCount(0)
  }
}

/** Sends an incident to the body in whose name the worker of the page acts. */
export async function dispatchTo(worker: Page, dispatcher: CasePage): Promise<void> {
  const { grants } = await (await worker.request.get('/api/v1/session')).json()
  const unit: string = grants[0].bodyName
  await dispatcher.move('dispatch', 'dispatched', async (form) => {
    await form.locator('#move-unit').fill(unit)
    await dispatcher.page.getByRole('option', { name: unit }).first().click()
  })
}

export const note = (words: string) => async (form: Locator) => {
  await form.locator('#move-note').fill(words)
}
