import { api } from '@shared/api'
import type { CaseKind, CaseRoute, Page, RouteClash, RouteContent, Routed } from '@shared/contract'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import { useAllCategories } from '@console/features/grid/queries'
import { useItems } from '@console/features/hall/queries'
import { queryClient } from '@console/query'

export interface RouteFilter {
  kind?: string
  subject?: string
  area?: string
  all?: boolean
}

export const findRoutes = ({ all, ...filter }: RouteFilter, cursor?: string) =>
  api.get<Page<CaseRoute>>('/casework/routes', { ...filter, all: all || undefined, cursor })

/** Rules that a merger left equally specific, two by two. */
export function useClashes() {
  return useInfiniteQuery({
    queryKey: ['casework', 'routes', 'clashes'],
    queryFn: ({ pageParam }) => api.get<Page<RouteClash>>('/casework/routes/clashes', { cursor: pageParam || undefined }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
}

/** What of a rule an officer sets. */
export function contentOf(route: CaseRoute): RouteContent {
  const { kind, subject, area, validFrom, validTo, days, hourFrom, hourTo, body, department, level, note, enabled } = route
  return { kind, subject, area, validFrom, validTo, days, hourFrom, hourTo, body, department, level, note, enabled }
}

export async function keepRoute(content: RouteContent, route?: CaseRoute) {
  if (route) await api.put<CaseRoute>(`/casework/routes/${route.id}`, { ...content, version: route.version })
  else await api.post<CaseRoute>('/casework/routes', content)
  await queryClient.invalidateQueries({ queryKey: ['casework', 'routes'] })
}

/** What would happen to something: which route, which unit, why. */
export const tryRoute = (asked: { kind: string; subject: string; area: string; at?: number }) =>
  api.get<Routed>('/casework/routes/try', asked)

export interface SubjectGroup {
  label: string
  whole?: { value: string; label: string }
  subjects: { value: string; label: string }[]
}

/** What routes of a kind can be about: each class with what lies in it. */
export function useSubjects(kind: MaybeRefOrGetter<string>) {
  const { t } = useI18n()
  const { data: categories } = useAllCategories()
  const { data: items } = useItems(true)
  return computed<SubjectGroup[]>(() => {
    const group = (value: string, label: string, subjects: { value: string; label: string }[]) => ({
      label,
      whole: { value, label: t('ui.route.wholeClass', { name: label }) },
      subjects,
    })
    if ((toValue(kind) as CaseKind) === 'incident') {
      const all = categories.value?.items ?? []
      return all
        .filter((c) => !c.parent)
        .map((c) =>
          group(
            c.code,
            c.name,
            all.filter((s) => s.parent === c.code).map((s) => ({ value: s.code, label: s.name })),
          ),
        )
    }
    const all = items.value?.items ?? []
    return [...new Set(all.map((i) => i.kind))].map((k) =>
      group(
        k,
        t(`hall.kind.${k}`),
        all.filter((i) => i.kind === k).map((i) => ({ value: i.code, label: i.name })),
      ),
    )
  })
}
