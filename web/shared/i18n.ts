import { createI18n, type MessageContext } from 'vue-i18n'
import { api, speak } from './api'
import en from './texts/en.json'
import zh from './texts/zh.json'

export type Language = 'zh' | 'en'
export const languages: Language[] = ['zh', 'en']
type Texts = Record<string, string>
const own: Record<Language, Texts> = { zh, en }
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

/** The catalogue of a face: flat keys, no markup, no plural grammar beyond `.one`. */
export function createTexts() {
  return createI18n({
    legacy: false,
    locale: chosenLanguage(),
    fallbackLocale: 'zh',
    missingWarn: false,
    fallbackWarn: false,
    messages: { ...own } as Record<string, Texts>,
    messageResolver: (messages, key) => (messages as Texts)[key] ?? null,
    messageCompiler: (message, { key, locale }) => ((place: MessageContext) => {
      const one = String(place.named('n')) === '1' ? own[locale as Language]?.[`${key}.one`] : undefined
      return fill(one ?? String(message), (name) => place.named(name))
    }) as never,
  })
}

type I18n = ReturnType<typeof createTexts>

let again: (() => Promise<void>) | null = null

/**
 * The server's texts; without signal those of the last visit, kept on the device. Until they could be read from the
 * server, completeTexts asks again.
 */
async function servedTexts(lang: Language): Promise<Texts> {
  const place = `ll.texts.${lang}`
  try {
    const served = await api.get<Texts>(`/texts/${lang}`)
    again = null
    try {
      localStorage.setItem(place, JSON.stringify(served))
    } catch { /* no room: they are asked for at every visit */ }
    return served
  } catch {
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

/** Speaks a language from now on: the page, the server's names and refusals, the next visit. */
export async function useLanguage(i18n: I18n, lang: Language): Promise<void> {
  speak(lang)
  localStorage.setItem(memory, lang)
  document.cookie = `lang=${lang}; Path=/; Max-Age=31536000; SameSite=Lax`
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  again = () => useLanguage(i18n, lang)
  const served = await servedTexts(lang)
  i18n.global.setLocaleMessage(lang, { ...served, ...own[lang] })
  i18n.global.locale.value = lang
}
