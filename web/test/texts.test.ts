import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fill } from '../shared/i18n'
import en from '../shared/texts/en.json'
import zh from '../shared/texts/zh.json'

const texts: Record<string, Record<string, string>> = { zh, en }
const root = join(__dirname, '..')

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? sources(path) : /\.(vue|ts)$/.test(name) && !name.endsWith('.gen.ts') ? [path] : []
  })
}

const code = ['console/src', 'field/src', 'shared']
  .flatMap((f) => sources(join(root, f)))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

describe('texts', () => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  })

  it('leaves no text empty', () => {
    for (const [lang, all] of Object.entries(texts)) {
      const empty = Object.entries(all)
        .filter(([key, text]) => text.trim() === '' && !key.startsWith('ui.list.'))
        .map(([key]) => `${lang} ${key}`)
      expect(empty).toEqual([])
    }
  })

  it('has the same places to fill in both languages', () => {
    const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
    const differ = Object.keys(zh).filter((key) => {
      const [a, b] = [places(texts.zh![key]!), places(texts.en![key]!)]
      return a.join() !== b.join()
    })
    expect(differ).toEqual([])
  })

  it('knows every key that the code names', () => {
    const named = [...code.matchAll(/['"`](ui\.[a-zA-Z0-9.]*[a-zA-Z0-9])['"`]/g)].map((m) => m[1]!)
    const missing = [...new Set(named)].filter((key) => !(key in zh))
    expect(missing).toEqual([])
  })

  it('has a text for every beginning that the code completes', () => {
    const beginnings = [...code.matchAll(/`(ui\.[a-zA-Z0-9.]+\.)\$\{/g)].map((m) => m[1]!)
    const missing = [...new Set(beginnings)].filter((start) => !Object.keys(zh).some((key) => key.startsWith(start)))
    expect(missing).toEqual([])
  })

  it('names no key that nothing uses', () => {
    const beginnings = [...code.matchAll(/`(ui\.[a-zA-Z0-9.]+\.?)\$\{/g)].map((m) => m[1]!)
    const unused = Object.keys(zh).filter(
      (key) =>
        !code.includes(`'${key}'`) &&
        !code.includes(`"${key}"`) &&
        !code.includes(`'${key.replace(/\.one$/, '')}'`) &&
        !beginnings.some((b) => key.startsWith(b)),
    )
    expect(unused).toEqual([])
  })

  it('fills places and leaves unknown ones visible', () => {
    expect(fill('{n} 件，{x}', (name) => (name === 'n' ? 0 : undefined))).toBe('0 件，{x}')
  })
})
