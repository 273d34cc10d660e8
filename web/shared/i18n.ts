import { createI18n, type MessageContext } from 'vue-i18n'
import { api, speak } from './api'
import en from './texts/en.json'
import zh from './texts/zh.json'

export type Language = 'zh' | 'en'
export const languages: Language[] = ['zh', 'en']
type Texts = Record<string, string>
const own: Record<Language, Texts> = { zh, en }
const memory = 'll.lang'

/** Writes values into `{name}` places; the same plain rule as the server's catalogues. */
export function fill(text: string, value: (name: string) => unknown): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
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
    messages: own as Record<string, Texts>,
    messageResolver: (messages, key) => (messages as Texts)[key] ?? null,
    messageCompiler: (message) => ((place: MessageContext) => fill(String(message), (name) => place.named(name))) as never,
  })
}

type I18n = ReturnType<typeof createTexts>

/** Speaks a language from now on: the page, the server's names and refusals, the next visit. */
export async function useLanguage(i18n: I18n, lang: Language): Promise<void> {
  speak(lang)
  localStorage.setItem(memory, lang)
  document.cookie = `lang=${lang}; Path=/; Max-Age=31536000; SameSite=Lax`
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  const served = await api.get<Texts>(`/texts/${lang}`).catch(() => ({}) as Texts)
  i18n.global.setLocaleMessage(lang, { ...served, ...own[lang] })
  i18n.global.locale.value = lang
}
