/** Accessibility: axe's rules for WCAG 2.2 at level AA, with nothing let through. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { expect } from './city'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Violation {
  id: string
  help: string
  nodes: { target: string[]; failureSummary?: string }[]
}

/** Fails with every violation that the page shows now; of a page behind a dialog, which nobody can use then, only the dialog. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(source)
  await page.evaluate(() => window.scrollTo(0, 0)) // what lies half under the head of the page is not small
  // What is still fading in has not the colours that a person reads.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => Number.isFinite(Number(a.effect?.getComputedTiming().endTime)))
        .map((a) => a.finished.catch(() => undefined)),
    ),
  )
  const found = await page.evaluate(async (runOnly) => {
    const axe = (window as unknown as { axe: { run: (root: Document | Element, options: object) => Promise<{ violations: Violation[] }> } })
      .axe
    const dialogs = [...document.querySelectorAll('.el-overlay')].filter((e) => getComputedStyle(e).display !== 'none')
    return (await axe.run(dialogs.at(-1) ?? document, { runOnly, resultTypes: ['violations'] })).violations
  }, tags)
  const told = found.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} · ${v.help}`))
  expect(told, name).toEqual([])
}
