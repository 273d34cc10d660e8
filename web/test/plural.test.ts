import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { fill } from '../shared/i18n'
import { folders } from './catalogue'

const root = fileURLToPath(new URL('../../', import.meta.url))
const files = [
  ...folders.map((f) => `web/${f}/en.json`),
  ...readdirSync(`${root}internal`, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('texts/en.json'))
    .map((f) => `internal/${f}`),
]

/** Values that are no counts, and words that end in s without being plurals. */
const names = [
  'method',
  'name',
  'file',
  'copy',
  'found',
  'city',
  'code',
  'day',
  'year',
  'value',
  'number',
  'role',
  'line',
  'action',
  'basis',
  'body',
  'area',
  'first',
  'url',
  'by',
  'kinds',
  'verb',
  'state',
]
const words = /^(is|was|has|as|its|this|does|stands|lies|loses|goes|characters'|lacks|holds|ends|metres|has)$/

describe('English texts with a count', () => {
  it('have a singular', () => {
    const bad: string[] = []
    for (const file of files) {
      const texts = JSON.parse(readFileSync(root + file, 'utf8')) as Record<string, string>
      for (const [key, text] of Object.entries(texts)) {
        if (/\.(one|other|many)$/.test(key) || `${key}.one` in texts) continue
        for (const [, name, word] of text.matchAll(/\{(\w+)\} (?:[a-z]+ )?([a-z]+s)\b(?!')/g)) {
          if (!names.includes(name!) && !words.test(word!)) bad.push(`${key}: ${text}`)
        }
      }
    }
    expect(bad).toEqual([])
  })

  it('are filled by the number', () => {
    const say = (n: unknown) => fill('{n} {n|day is|days are} left', () => n)
    expect([say(1), say('1'), say(0), say(2)]).toEqual(['1 day is left', '1 day is left', '0 days are left', '2 days are left'])
  })
})
