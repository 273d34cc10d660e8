import { Problem } from '@shared/api'
import { ElMessage } from 'element-plus'
import { useI18n } from 'vue-i18n'
import { nameOf, sentence } from '@shared/problem'
import { momentOf } from '@shared/wording'
import { agree } from './agree'

/** Short answers to what a person did, and the one question before what cannot be taken back. */
export function useSay() {
  const { t, te, locale } = useI18n()

  function done(text: string) {
    ElMessage({ type: 'success', message: text, showClose: true, duration: 5000 })
  }

  function warned(text: string) {
    ElMessage({ type: 'warning', message: text, showClose: true, duration: 10_000 })
  }

  function refused(error: unknown) {
    const rule = error instanceof Problem ? error.rule : undefined
    const faults = error instanceof Problem ? error.errors.map((e) => [nameOf(e), e.message].filter(Boolean).join(' ')) : []
    const cited = rule ? ` ${t('ui.rule.cited', { basis: rule.basis, article: rule.article })}` : ''
    const changed =
      error instanceof Problem && error.changed
        ? ` ${t('ui.error.changed', { by: error.changed.by, at: momentOf(error.changed.at, locale.value) })}`
        : ''
    const request = error instanceof Problem && error.request ? ` ${t('ui.error.request', { id: error.request })}` : ''
    ElMessage({
      type: 'error',
      message: [sentence(error, t, te), ...faults].join(' ') + cited + changed + request,
      showClose: true,
      duration: 10_000,
    })
  }

  /** True when the person agrees after reading what follows from it. */
  const agreed = (title: string, consequence: string, confirm: string) => agree(title, consequence, confirm, t('ui.do.cancel'))

  return { done, warned, refused, agreed }
}
