import { createI18n, type MessageContext } from 'vue-i18n'
import { api, speak } from './api'

export type Language = 'zh' | 'en'
export const languages: Language[] = ['zh', 'en']
type Texts = Record<string, string>
const catalogues: Record<Language, () => Promise<{ default: Texts }>> = {
  zh: () => import('./texts/zh.json'),
  en: () => import('./texts/en.json'),
}
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

/** The face's own texts of a language, read once; both catalogues have the same keys. */
export async function ownTexts(lang: Language): Promise<Texts> {
  return (own[lang] ??= (await catalogues[lang]()).default)
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
    } catch {
      /* no room: they are asked for at every visit */
    }
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

/** Speaks a language from now on: the page, the server's names and refusals, the next visit. Rejects where its texts can't be read. */
export async function useLanguage(i18n: I18n, lang: Language): Promise<void> {
  const mine = await ownTexts(lang)
  speak(lang)
  localStorage.setItem(memory, lang)
  document.cookie = `lang=${lang}; Path=/; Max-Age=31536000; SameSite=Lax`
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  again = () => useLanguage(i18n, lang)
  const served = await servedTexts(lang)
  i18n.global.setLocaleMessage(lang, { ...served, ...mine })
  i18n.global.locale.value = lang
}
