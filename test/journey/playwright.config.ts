import { defineConfig } from '@playwright/test'
import { existsSync } from 'node:fs'
import type { CityOptions } from './city'

const chromium = process.env.LINLI_CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(chromium)) throw new Error(`no browser at ${chromium}: run scripts/need.sh chromium`)

// Each project is the whole set of journeys on one engine; a worker serves its own city.
export default defineConfig<object, CityOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: 'results',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 20_000,
    launchOptions: { executablePath: chromium },
  },
  projects: [
    { name: 'sqlite', use: { engine: 'sqlite' } },
    // What a page looks like, keeps and leads back to does not depend on the engine.
    { name: 'postgres', use: { engine: 'postgres' }, testIgnore: ['accessibility.spec.ts', 'kept.spec.ts', 'place.spec.ts'] },
  ],
})
