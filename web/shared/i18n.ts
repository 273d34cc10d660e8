import { createI18n, type MessageContext } from 'vue-i18n'
import { api, speak } from './api'

export type Language = 'zh' | 'en'
export const languages: Language[] = ['zh', 'en']
export type Texts = Record<string, string>
/** The texts of one bundle, by language: those of both faces, of one face, or of one feature. */
export type Catalogue = Record<Language, () => Promise<{ default: Texts }>>

const bundles: Catalogue[] = [{ zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') }]
/** Sections of the server's texts that only some pages need, of those that were asked for. */
const sections: string[] = []
const own: Partial<Record<Language, Texts>> = {}
const memory = 'll.lang'

/**
 * Writes values into `{name}` places; the same plain rule as the server's catalogues: `{n|day|days}` is the first word
 * when n is 1, else the second.
 */
export function fill(text: string, value: (name: string) => unknown): string {
  const worded = text.replace(/\{(\w+)\|([^|{}]*)\|([^|{}]*)\}/g, (whole, name: string, one: string, many: string) => {
    const found = value(name)
    return found === undefined || found === null ? whole : String(found) === '1' ? one : many
  })
  return worded.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const found = value(name)
    return found === undefined || found === null ? whole : String(found)
  })
}

export function chosenLanguage(): Language {
  const cookie = /(?:^|; )lang=(zh|en)/.exec(document.cookie)?.[1]
  const kept = cookie ?? localStorage.getItem(memory) ?? ''
  return kept === 'en' ? 'en' : 'zh'
}

/** The face's own texts of a language, of all bundles so far; both catalogues of a bundle have the same keys. */
export async function ownTexts(lang: Language): Promise<Texts> {
  const read = await Promise.all(bundles.map((b) => b[lang]()))
  return (own[lang] = Object.assign({}, ...read.map((r) => r.default)) as Texts)
}

/** The catalogue of a face, empty until a language is spoken: flat keys, no markup, no plural grammar beyond `.one`. */
export function createTexts() {
  return createI18n({
    legacy: false,
    locale: chosenLanguage(),
    fallbackLocale: false,
    missingWarn: false,
    fallbackWarn: false,
    messages: {} as Record<string, Texts>,
    messageResolver: (messages, key) => (messages as Texts)[key] ?? null,
    messageCompiler: (message, { key, locale }) =>
      ((place: MessageContext) => {
        const one = String(place.named('n')) === '1' ? own[locale as Language]?.[`${key}.one`] : undefined
        return fill(one ?? String(message), (name) => place.named(name))
      }) as never,
  })
}

type I18n = ReturnType<typeof createTexts>

/** Who speaks which language, once one is spoken. */
let spoken: { i18n: I18n; lang: Language } | null = null
let again: (() => Promise<void>) | null = null

/**
 * The server's texts, those that every page may need or those of a section; without signal those of the last visit,
 * kept on the device. Until they could be read from the server, completeTexts asks again.
 */
async function servedTexts(lang: Language, section = ''): Promise<Texts> {
  const place = section ? `ll.texts.${lang}.${section}` : `ll.texts.${lang}`
  try {
    const served = await api.get<Texts>(section ? `/texts/${lang}/${section}` : `/texts/${lang}`)
    try {
      localStorage.setItem(place, JSON.stringify(served))
    } catch {
      /* no room: they are asked for at every visit */
    }
    return served
  } catch {
    again = () => (spoken ? useLanguage(spoken.i18n, spoken.lang) : Promise.resolve())
    try {
      return JSON.parse(localStorage.getItem(place) ?? '{}') as Texts
    } catch {
      return {}
    }
  }
}

/** Asks again for texts that could not be read when the page opened; to be called when the server answers again. */
export async function completeTexts(): Promise<void> {
  await again?.()
}

/** Adds a bundle of texts, read with each language that is spoken from now on: a face's own, before it speaks. */
export function addTexts(bundle: Catalogue) {
  if (!bundles.includes(bundle)) bundles.push(bundle)
}

/** Reads what a page needs beyond what all pages do: its feature's own texts, and sections of the server's. Once each. */
export async function needTexts(bundle?: Catalogue, named: string[] = []): Promise<void> {
  const fresh = named.filter((s) => !sections.includes(s))
  const added = bundle && !bundles.includes(bundle)
  if (!fresh.length && !added) return
  if (added) bundles.push(bundle)
  sections.push(...fresh)
  if (!spoken) return
  const { i18n, lang } = spoken
  const [mine, ...served] = await Promise.all([added ? ownTexts(lang) : {}, ...fresh.map((s) => servedTexts(lang, s))])
  i18n.global.mergeLocaleMessage(lang, Object.assign({}, ...served, mine))
}

/** Speaks a language from now on: the page, the server's names and refusals, the next visit. Rejects where its texts can't be read. */
export async function useLanguage(i18n: I18n, lang: Language): Promise<void> {
  const mine = await ownTexts(lang)
  speak(lang)
  localStorage.setItem(memory, lang)
  document.cookie = `lang=${lang}; Path=/; Max-Age=31536000; SameSite=Lax`
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  spoken = { i18n, lang }
  again = null
  const served = await Promise.all(['', ...sections].map((s) => servedTexts(lang, s)))
  i18n.global.setLocaleMessage(lang, Object.assign({}, ...served, own[lang] ?? mine))
  i18n.global.locale.value = lang
}
