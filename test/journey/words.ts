/** The product's own words, read from its catalogue, so that a journey names verbs and states by key. */
import type { City, Language } from './city'

const read = new Map<string, Promise<Record<string, string>>>()

export async function say(city: City, lang: Language, key: string): Promise<string> {
  const address = `${city.url}/api/v1/texts/${lang}`
  if (!read.has(address)) read.set(address, fetch(address).then((r) => r.json()))
  const found = (await read.get(address)!)[key]
  if (!found) throw new Error(`the ${lang} catalogue lacks ${key}`)
  return found
}
