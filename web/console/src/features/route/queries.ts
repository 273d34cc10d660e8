import { api } from '@shared/api'
import type { CaseRoute, Page, RouteClash, RouteContent, Routed } from '@shared/contract'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import { matters } from '@console/shell/features'
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

/** What routes of a kind can be about: each class with what lies in it, and of a whole class. */
export function useSubjects(kind: MaybeRefOrGetter<string>) {
  const { t } = useI18n()
  const all = matters.map((m) => ({ kind: m.kind, groups: m.subjects() }))
  return computed(() =>
    (all.find((m) => m.kind === toValue(kind))?.groups.value ?? []).map(({ value, label, subjects }) => ({
      label,
      subjects,
      whole: { value, label: t('ui.route.wholeClass', { name: label }) },
    })),
  )
}
