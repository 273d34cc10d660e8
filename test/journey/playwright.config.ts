import { defineConfig } from '@playwright/test'
import { existsSync, readdirSync } from 'node:fs'
import type { CityOptions } from './city'

const chromium = process.env.LINLI_CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(chromium)) throw new Error(`no browser at ${chromium}: run scripts/need.sh chromium`)

// What a page looks like, keeps and leads back to does not depend on the engine.
const looks = ['accessibility.spec.ts', 'kept.spec.ts', 'place.spec.ts']

// Stores and services are tested on both engines in Go. `make test` walks each journey once, by turns on one and
// the other engine; LINLI_JOURNEYS=both (`make journeys`) walks all of them on both.
const walks = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.spec.ts') && !looks.includes(name))
  .sort()
const both = process.env.LINLI_JOURNEYS === 'both'
const turn = (rest: number) => walks.filter((_, i) => both || i % 2 === rest)

// Each project is the journeys of one engine; a worker serves its own city.
export default defineConfig<object, CityOptions>({
  testDir: '.',
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
    { name: 'sqlite', use: { engine: 'sqlite' }, testMatch: [...looks, ...turn(0)] },
    { name: 'postgres', use: { engine: 'postgres' }, testMatch: turn(1) },
  ],
})
