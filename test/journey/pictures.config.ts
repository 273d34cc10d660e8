import { defineConfig } from '@playwright/test'
import journeys from './playwright.config'

/** Not a test: `make pictures` draws the README's pictures from a demo city of full size. */
export default defineConfig(journeys, {
  testMatch: 'pictures.ts',
  workers: 1,
  timeout: 300_000,
  projects: [{ name: 'pictures', use: { engine: 'sqlite', cases: 0 } }],
})
