import { api } from '@shared/api'
import type { Item, ItemGuide, Limit, NewApplication, Page, Taken } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export function useItems() {
  return useQuery({ queryKey: ['hall', 'items'], queryFn: () => api.get<Page<Item>>('/hall/items'), staleTime: 60_000 })
}

export function useItem(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['hall', 'item', code],
    queryFn: () => api.get<ItemGuide>(`/hall/items/${toValue(code)}`),
    enabled: () => toValue(code) !== '',
    staleTime: 60_000,
  })
}

export async function changeItem(code: string, change: { promised: Limit; enabled: boolean; version: number }) {
  const after = await api.put<ItemGuide>(`/hall/items/${code}`, change)
  await queryClient.invalidateQueries({ queryKey: ['hall'] })
  return after
}

export const apply = (application: NewApplication) => api.post<Taken>('/hall/applications', application)
