import { count } from '@shared/rate'
import type { ComposerTranslation } from 'vue-i18n'

/** Minutes in words: hours with one decimal from an hour on. */
export function time(minutes: number, t: ComposerTranslation): string {
  if (minutes < 60) return t('burden.ui.minutes', { n: minutes })
  const tenths = Math.round(minutes / 6) / 10
  return t('burden.ui.hours', { n: Number.isInteger(tenths) ? count(tenths) : tenths.toFixed(1) })
}

/** A share of a base with one decimal; a dash where there is no base. */
export function per(n: number, base: number, factor = 1): string {
  return base > 0 ? ((n * factor) / base).toFixed(1) : '—'
}
