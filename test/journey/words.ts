/** The product's own words, read from its catalogues, so that a journey names verbs, states and buttons by key. */
import { readFileSync } from 'node:fs'
import type { City, Language } from './city'

const read = new Map<string, Promise<Record<string, string>>>()

export async function say(city: City, lang: Language, key: string): Promise<string> {
  const address = `${city.url}/api/v1/texts/${lang}`
  if (!read.has(address)) read.set(address, fetch(address).then((r) => r.json()))
  const found = (await read.get(address)!)[key]
  if (!found) throw new Error(`the ${lang} catalogue lacks ${key}`)
  return found
}

/** A word of the console's and the field app's own surface. */
export function face(lang: Language, key: string): string {
  const found = (JSON.parse(readFileSync(new URL(`../../web/shared/texts/${lang}.json`, import.meta.url), 'utf8')) as Record<string, string>)[key]
  if (!found) throw new Error(`the faces' ${lang} catalogue lacks ${key}`)
  return found
}
