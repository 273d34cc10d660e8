import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

/** The codes that the server's catalogue words under a prefix such as `registry.post.`. */
export function useCatalogue(prefix: string) {
  const { t, te, locale, getLocaleMessage } = useI18n()
  const codes = computed(() =>
    Object.keys(getLocaleMessage(locale.value))
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort(),
  )
  /** The word for a code; what is not a code is its own word. */
  const word = (code: string) => (te(prefix + code) ? t(prefix + code) : code)
  return { codes, word }
}
