/** What staff do with a case in the console, by the buttons that its flow allows. */
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test'
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
    await this.page
      .getByRole('main')
      .getByRole('link', { name: new RegExp(number) })
      .or(this.page.getByRole('row').filter({ hasText: number }).getByRole('link'))
      .first()
      .click()
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
    await expect(
      this.page
        .getByRole('main')
        .getByText(await say(this.city, this.lang, `${this.flow}.state.${state}`), { exact: true })
        .first(),
    ).toBeVisible()
  }

  async mayNot(verb: string): Promise<void> {
    await expect(this.page.locator('#moves')).toBeVisible()
    await expect(await this.button(verb)).toHaveCount(0)
  }
}

/** The body in whose name the person of the page acts. */
export async function bodyOf(page: Page): Promise<string> {
  const { grants } = await (await page.request.get('/api/v1/session')).json()
  return grants[0].bodyName
}

/** Names a unit in the form of a step. */
export const unit = (page: Page, name: string) => async (form: Locator) => {
  await form.locator('#move-unit').fill(name)
  await page.getByRole('option', { name }).first().click()
}

/** Sends an incident to the body in whose name the worker of the page acts. */
export async function dispatchTo(worker: Page, dispatcher: CasePage): Promise<void> {
  await dispatcher.move('dispatch', 'dispatched', unit(dispatcher.page, await bodyOf(worker)))
}

export const note = (words: string) => async (form: Locator) => {
  await form.locator('#move-note').fill(words)
}

/** Takes one of the values that a step lets choose from. */
export const take = (city: City, lang: Language, key: string) => async (form: Locator) => {
  await form.getByRole('radio', { name: await say(city, lang, key), exact: true }).check({ force: true })
}

export interface TakenCase {
  id: string
  number: string
  code: string
}

/** An incident told through the same door as the console's, in the community of the demo's people. */
export async function report(
  city: City,
  request: APIRequestContext,
  told: { clientKey?: string; category?: string; description?: string; place?: { text: string } } = {},
): Promise<TakenCase> {
  const categories = (await (await request.get('/api/v1/grid/categories')).json()).items as { code: string; parent: string }[]
  const answer = await request.post('/api/v1/grid/incidents', {
    data: {
      category: categories.find((c) => c.parent !== '')!.code,
      description: '路边堆放垃圾',
      place: { text: '东门公交站旁' },
      area: city.account('grid_worker').area.slice(0, 12),
      clientKey: crypto.randomUUID(),
      channel: 'console',
      ...told,
    },
  })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}

/** An application taken at the window, through the same door as the console's. */
export async function submit(city: City, request: APIRequestContext, item = 'unemployment_registration'): Promise<TakenCase> {
  const guide = await (await request.get(`/api/v1/hall/items/${item}`)).json()
  const answers: Record<string, string> = {}
  for (const question of guide.form) {
    if (question.required)
      answers[question.key] =
        question.options[0]?.value ?? (question.kind === 'date' ? '2026-03-05' : question.kind === 'number' ? String(question.min) : '无')
  }
  const answer = await request.post('/api/v1/hall/applications', {
    data: {
      item: guide.code,
      area: city.account('window_worker').area,
      applicant: { name: '李建国', phone: '13805135678', idNumber: '11010519491231002X', address: '朝阳路 5 号' },
      answers,
      clientKey: crypto.randomUUID(),
      channel: 'window',
    },
  })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}

/** Takes a step on an incident without the console, where a journey is about something else. */
export async function step(
  request: APIRequestContext,
  id: string,
  verb: string,
  input: { note?: string; unit?: string } = {},
): Promise<void> {
  const { version } = await (await request.get(`/api/v1/casework/cases/${id}`)).json()
  const answer = await request.post(`/api/v1/grid/incidents/${id}/${verb}`, { data: { version, ...input } })
  expect(answer.ok(), await answer.text()).toBe(true)
}
