/** The product's own words, read from its catalogues, so that a journey names verbs, states and buttons by key. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { City, Language } from './city'

type Values = Record<string, string | number>

const read = new Map<string, Promise<Record<string, string>>>()

export async function say(city: City, lang: Language, key: string, values: Values = {}): Promise<string> {
  const [first] = key.split('.')
  const apart = key.includes('.ui.') || ['error', 'rule', 'audit', 'permission'].includes(first!)
  const address = `${city.url}/api/v1/texts/${lang}${apart ? `/${first}` : ''}`
  if (!read.has(address))
    read.set(
      address,
      fetch(address).then((r) => r.json()),
    )
  const found = (await read.get(address)!)[key]
  if (!found) throw new Error(`the ${lang} catalogue lacks ${key}`)
  return filled(found, values)
}

const web = new URL('../../web/', import.meta.url)
const features = new URL('console/src/features/', web)
const folders = [
  ...['shared/texts/', 'console/src/texts/', 'field/src/texts/'].map((f) => new URL(f, web)),
  ...readdirSync(features).map((f) => new URL(`${f}/texts/`, features)),
].filter((f) => existsSync(f))
const textsOf = (lang: Language) =>
  Object.assign({}, ...folders.map((f) => JSON.parse(readFileSync(new URL(`${lang}.json`, f), 'utf8')))) as Record<string, string>
const faces: Record<Language, Record<string, string>> = { zh: textsOf('zh'), en: textsOf('en') }

/** A word of the console's and the field app's own surface. */
export function face(lang: Language, key: string, values: Values = {}): string {
  const found = faces[lang][key]
  if (!found) throw new Error(`the faces' ${lang} catalogue lacks ${key}`)
  return filled(found, values)
}

/** A text with its {name} and {name|singular|plural} filled; what has no value stays for the journey to replace. */
function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g, (whole, name: string, one?: string, many?: string) =>
    name in values ? (many === undefined ? String(values[name]) : String(values[name]) === '1' ? one! : many) : whole,
  )
}
