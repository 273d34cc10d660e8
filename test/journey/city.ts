/** The fixture of every journey: a city that is really served, and the people who act in it. */
import { test as base, expect, type Browser, type BrowserContext, type Cookie, type Page } from '@playwright/test'
import { serveDemo, type Engine } from './server'

export { expect }

export interface CityOptions {
  engine: Engine
  /** size of the demo's year; 0 for the demo as a visitor gets it */
  cases: number
}

export interface Account {
  name: string
  login: string
  role: string
  area: string
  password: string
}

export type Language = 'zh' | 'en'

export class City {
  private readonly sessions = new Map<string, Cookie[]>()

  constructor(
    readonly url: string,
    readonly accounts: Account[],
  ) {}

  /** The first account of a role, or the one with that login. */
  account(role: string): Account {
    const found = this.accounts.find((a) => a.role === role) ?? this.accounts.find((a) => a.login === role)
    if (!found) throw new Error(`the demo has no account of the role or login ${role}`)
    return found
  }

  /** A resident's browser: nobody is signed in. */
  async resident(browser: Browser, options: { lang?: Language; javaScriptEnabled?: boolean; phone?: boolean } = {}): Promise<Page> {
    return (await this.context(browser, options)).newPage()
  }

  /** A staff member's browser, signed in as the demo account of the role or login. */
  async staff(browser: Browser, role: string, options: { lang?: Language; phone?: boolean } = {}): Promise<Page> {
    const context = await this.context(browser, options)
    const session = this.sessions.get(role)
    if (session) await context.addCookies(session)
    // A journey that ends the session of its role leaves the next one to begin anew.
    if (!session || !(await context.request.get('/api/v1/session')).ok()) await this.signIn(context, role)
    return context.newPage()
  }

  /** Signs in once for each role: tries are bounded, and a person has one session in several windows. */
  private async signIn(context: BrowserContext, role: string): Promise<void> {
    const { login, password } = this.account(role)
    const answer = await context.request.post('/api/v1/session', { data: { login, password } })
    expect(answer.status(), `${role} signs in`).toBe(200)
    const cookies = await context.cookies()
    this.sessions.set(
      role,
      cookies.filter((c) => c.name !== 'lang'),
    )
  }

  private async context(
    browser: Browser,
    options: { lang?: Language; javaScriptEnabled?: boolean; phone?: boolean },
  ): Promise<BrowserContext> {
    const lang = options.lang ?? 'zh'
    const context = await browser.newContext({
      baseURL: this.url,
      locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      javaScriptEnabled: options.javaScriptEnabled ?? true,
      reducedMotion: 'reduce', // what fades in has neither its place nor its colours yet
      viewport: options.phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    })
    await context.addCookies([{ name: 'lang', value: lang, url: this.url }])
    return context
  }
}

export const test = base.extend<{ leaving: void }, CityOptions & { city: City }>({
  // What a journey has opened is closed behind it: pages that go on asking would slow the next ones down.
  leaving: [
    async ({ browser }, use) => {
      await use()
      for (const context of browser.contexts()) await context.close()
    },
    { auto: true },
  ],
  engine: ['sqlite', { scope: 'worker', option: true }],
  cases: [300, { scope: 'worker', option: true }],
  city: [
    async ({ engine, cases }, use) => {
      const server = await serveDemo(engine, cases)
      const site = await (await fetch(`${server.url}/api/v1/site`)).json()
      await use(new City(server.url, site.demoAccounts))
      await server.stop()
    },
    { scope: 'worker', timeout: 200_000 },
  ],
})
