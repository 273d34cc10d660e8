import { defineConfig } from '@playwright/test'
import type { CityOptions } from './city'
import journeys from './playwright.config'

/** Not a test: `make pictures` draws the README's pictures from a demo city of full size. */
export default defineConfig<object, CityOptions>({
  ...journeys,
  testMatch: 'pictures.ts',
  workers: 1,
  timeout: 300_000,
  projects: [{ name: 'pictures', use: { engine: 'sqlite', cases: 0 } }],
})
