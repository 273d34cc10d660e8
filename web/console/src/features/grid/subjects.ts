import type { SubjectGroup } from '@console/shell/feature'
import { computed } from 'vue'
import { useAllCategories } from './queries'

/** The categories by their class, those switched off too. */
export function useCategorySubjects() {
  const { data } = useAllCategories()
  return computed<SubjectGroup[]>(() => {
    const all = data.value?.items ?? []
    return all
      .filter((c) => !c.parent)
      .map((c) => ({
        value: c.code,
        label: c.name,
        subjects: all.filter((s) => s.parent === c.code).map((s) => ({ value: s.code, label: s.name })),
      }))
  })
}
