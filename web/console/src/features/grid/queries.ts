import { api } from '@shared/api'
import type { Area, Category, NewIncident, Page, Taken } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

export function useCategories(enabled = true) {
  return useQuery({ queryKey: ['grid', 'categories'], queryFn: () => api.get<Page<Category>>('/grid/categories'), staleTime: 5 * 60_000, enabled })
}

export const report = (incident: NewIncident) => api.post<Taken>('/grid/incidents', incident)

/** The deepest area with a known outline around a point in CGCS2000. */
export const locate = (lng: number, lat: number) => api.get<Area>('/registry/locate', { lng, lat, crs: 'CGCS2000' })
