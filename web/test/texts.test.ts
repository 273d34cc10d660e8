import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fill } from '../shared/i18n'
import { en, folders, textsOf, zh } from './catalogue'

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

/** The sources that a file imports, or with `lazy` reads when a page needs them; below web/. */
function imported(path: string, lazy: boolean): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const named = lazy ? /import\(\s*'([^']+)'\s*\)/g : /(?:from|import)\s+'([^']+)'/g
  return [...text.matchAll(named)].flatMap(([, spec]) => {
    const at = spec!.replace('@console/', 'console/src/').replace('@shared/', 'shared/').replace('@matters/', 'matters/')
    const base = at !== spec ? at : spec!.startsWith('.') ? join(dirname(path), spec!) : ''
    return [base, `${base}.ts`, `${base}.vue`].filter((p) => /\.(ts|vue)$/.test(p) && existsSync(join(root, p))).slice(0, 1)
  })
}

/** Files that declare pages, which are read when somebody goes there. */
const declares = /\/(feature|routes)\.ts$/

/** All that is read with some files; features' own pages are read by their routes. */
function closure(starts: string[]): Set<string> {
  const seen = new Set<string>()
  const todo = [...starts]
  for (let path = todo.pop(); path; path = todo.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    todo.push(...imported(path, false), ...(declares.test(path) ? [] : imported(path, true)))
  }
  return seen
}

const keysIn = (paths: Iterable<string>) => {
  const text = [...paths].map((p) => readFileSync(join(root, p), 'utf8')).join('\n')
  const named = new Set([...text.matchAll(/['"`](ui\.[a-zA-Z0-9_.]+)['"`]/g)].map((m) => m[1]!))
  const begun = [...text.matchAll(/`(ui\.[a-zA-Z0-9_.]+\.?)\$\{/g)].map((m) => m[1]!)
  return Object.keys(zh).filter((key) => named.has(key.replace(/\.one$/, '')) || begun.some((b) => key.startsWith(b)))
}

describe('the bundles of texts', () => {
  const pages = /component: \(\) =>\s*import\(\s*'([^']+)'/g
  const features = readdirSync(join(root, 'console/src/features'))
  const feature = (name: string) => `console/src/features/${name}/feature.ts`
  const pagesOf = (name: string) =>
    [feature(name), ...imported(feature(name), false).filter((p) => p.endsWith('/routes.ts'))].flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(pages)].map(([, spec]) => join(dirname(path), spec!)),
    )
  const shell = closure([
    'console/src/main.ts',
    // a matter's section stands on the page of a case
    ...features.flatMap((f) => imported(feature(f), true).filter((p) => !pagesOf(f).includes(p))),
  ])
  const keysOf = (folder: string) => (folders.includes(folder) ? Object.keys(textsOf(folder, 'zh')) : [])
  const both = keysOf('shared/texts')

  it('say nothing twice', () => {
    for (const lang of ['zh', 'en'] as const) {
      const keys = folders.flatMap((f) => Object.keys(textsOf(f, lang)))
      expect(keys.filter((k, i) => keys.indexOf(k) !== i)).toEqual([])
    }
  })

  it('give every page of the console what it says', () => {
    const base = new Set([...both, ...keysOf('console/src/texts')])
    expect(keysIn(shell).filter((key) => !base.has(key))).toEqual([])
    for (const name of features) {
      const known = new Set([...base, ...keysOf(`console/src/features/${name}/texts`)])
      expect(
        keysIn(closure(pagesOf(name))).filter((key) => !known.has(key)),
        name,
      ).toEqual([])
    }
  })

  it('give the field app what it says', () => {
    const known = new Set([...both, ...keysOf('field/src/texts')])
    expect(keysIn(closure(['field/src/main.ts'])).filter((key) => !known.has(key))).toEqual([])
  })

  it('name the modules whose own words a page shows', () => {
    const modules = (paths: Iterable<string>) => {
      const text = [...paths].flatMap((p) => (declares.test(p) ? [] : [readFileSync(join(root, p), 'utf8')])).join('\n')
      return [...new Set([...text.matchAll(/['"`]([a-z]+)\.(?:[a-z_]+\.)*ui\.[a-zA-Z_.]+/g)].map((m) => m[1]!))].sort()
    }
    expect(modules([...shell].filter((p) => !p.includes('/features/')))).toEqual([])
    for (const name of features) {
      const declared = readFileSync(join(root, feature(name)), 'utf8')
      const known = [...(/sections: \[([^\]]*)\]/.exec(declared)?.[1]?.matchAll(/'(\w+)'/g) ?? [])].map((m) => m[1]!)
      expect(
        modules(closure(pagesOf(name))).filter((m) => !known.includes(m)),
        name,
      ).toEqual([])
      const links = [...declared.matchAll(/\{\s*group:[^}]*title: '([^']+)'/g)].map((m) => m[1]!)
      expect(
        links.filter((title) => title.includes('.ui.')),
        `${name}: the menu stands on every page`,
      ).toEqual([])
      // What stands on the page of a case is read with the words that it says.
      for (const section of imported(feature(name), true).filter((p) => !pagesOf(name).includes(p)))
        for (const m of modules(closure([section]))) expect(declared, section).toContain(`needTexts(undefined, ['${m}'])`)
    }
  })

  it('name the sections of the server that a page shows', () => {
    const sections = ['error', 'rule', 'audit', 'permission', 'jobs']
    const shows = (text: string, s: string) => new RegExp(`[\`'(]${s}\\.(\\$\\{|[a-z_.]+\\$\\{|[a-z_]+\\.')`).test(text)
    for (const name of features) {
      const declared = readFileSync(join(root, feature(name)), 'utf8')
      for (const path of sources(join(root, 'console/src/features', name))) {
        const text = readFileSync(path, 'utf8')
        for (const s of sections.filter((s) => shows(text, s)))
          expect(
            text.includes(`needTexts(undefined, ['${s}']`) || new RegExp(`texts: \\[[^\\]]*'${s}'`).test(declared),
            `${path} shows words of ${s}`,
          ).toBe(true)
      }
    }
  })
})
