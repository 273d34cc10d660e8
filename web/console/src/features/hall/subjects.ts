import type { SubjectGroup } from '@console/shell/feature'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useItems } from './queries'

/** The items by the kind of service, those switched off too. */
export function useItemSubjects() {
  const { t } = useI18n()
  const { data } = useItems(true)
  return computed<SubjectGroup[]>(() => {
    const all = data.value?.items ?? []
    return [...new Set(all.map((i) => i.kind))].map((kind) => ({
      value: kind,
      label: t(`hall.kind.${kind}`),
      subjects: all.filter((i) => i.kind === kind).map((i) => ({ value: i.code, label: i.name })),
    }))
  })
}
