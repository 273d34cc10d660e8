import { api } from '@shared/api'
import type {
  Area,
  Category,
  CategoryWhole,
  ChangedCategory,
  NewCategory,
  NewIncident,
  Page,
  Recheck,
  RecheckBoard,
  Taken,
} from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export function useCategories(enabled = true) {
  return useQuery({
    queryKey: ['grid', 'categories'],
    queryFn: () => api.get<Page<Category>>('/grid/categories'),
    staleTime: 5 * 60_000,
    enabled,
  })
}

/** Every category, those switched off too. */
export function useAllCategories() {
  return useQuery({ queryKey: ['grid', 'categories', 'all'], queryFn: () => api.get<Page<Category>>('/grid/categories', { all: true }) })
}

export const fetchCategory = (code: string) => api.get<CategoryWhole>(`/grid/categories/${code}`)

export async function addCategory(category: NewCategory) {
  await api.post<CategoryWhole>('/grid/categories', category)
  await queryClient.invalidateQueries({ queryKey: ['grid', 'categories'] })
}

export async function changeCategory(code: string, category: ChangedCategory) {
  await api.put<CategoryWhole>(`/grid/categories/${code}`, category)
  await queryClient.invalidateQueries({ queryKey: ['grid', 'categories'] })
}

/** Closed incidents that were drawn to be checked on site, or with `done` those that were. */
export const findRechecks = (done: boolean, cursor?: string) =>
  api.get<Page<Recheck>>('/grid/rechecks', { done: done || undefined, cursor })

export function useRecheckBoard(area: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['grid', 'recheckBoard', area],
    queryFn: () => api.get<RecheckBoard>('/grid/rechecks/board', { area: toValue(area) }),
    enabled: () => toValue(area) !== '',
  })
}

export const rechecksChanged = () => queryClient.invalidateQueries({ queryKey: ['grid', 'rechecks'] })

export const report = (incident: NewIncident) => api.post<Taken>('/grid/incidents', incident)

/** The deepest area with a known outline around a point in CGCS2000. */
export const locate = (lng: number, lat: number) => api.get<Area>('/registry/locate', { lng, lat, crs: 'CGCS2000' })
