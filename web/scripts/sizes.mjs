/**
 * What a face loads before any of its pages, gzipped: what its index names, and the texts of one language. Fails where
 * that is more than its budget; on a slow line, 10 kB are a tenth of a second.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

// A route costs about a tenth of a kilobyte in the console's entry.
const budgets = { console: 180, field: 100 } // kB

const gzipped = (path) => gzipSync(readFileSync(path)).length
let over = false

for (const [face, budget] of Object.entries(budgets)) {
  const folder = fileURLToPath(new URL(`../dist/${face}/`, import.meta.url))
  const index = readFileSync(`${folder}index.html`, 'utf8')
  const named = [...index.matchAll(new RegExp(`(?:src|href)="/${face}/(assets/[^"]+)"`, 'g'))].map((m) => m[1])
  const all = readdirSync(`${folder}assets`)
  const texts = ['zh', 'en'].map((lang) => all.filter((f) => f.startsWith(`${lang}-`) && f.endsWith('.js')))
  if (!named.length || texts.some((of) => !of.length)) throw new Error(`${face}: ${named.length} assets, texts ${texts}: was it built?`)
  const sum = (files) => files.reduce((n, f) => n + gzipped(`${folder}${f}`), 0)
  const bytes = sum(named) + Math.max(...texts.map((of) => sum(of.map((f) => `assets/${f}`))))
  console.log(`${face}: ${Math.ceil(bytes / 1000)} kB of ${budget} before any page`)
  over ||= bytes > budget * 1000
}
if (over) {
  console.error('more than the budget: load what not every page needs with its page, or think the budget over in web/scripts/sizes.mjs')
  process.exit(1)
}
