import { api } from '@shared/api'
import type { Item, ItemChange, ItemGuide, NewApplication, Page, Taken } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

/** The items on offer, or with `all` also the suspended ones. */
export function useItems(all = false) {
  return useQuery({
    queryKey: ['hall', 'items', all],
    queryFn: () => api.get<Page<Item>>('/hall/items', { all: all || undefined }),
    staleTime: 60_000,
  })
}

export function useItem(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['hall', 'item', code],
    queryFn: () => api.get<ItemGuide>(`/hall/items/${toValue(code)}`),
    enabled: () => toValue(code) !== '',
    staleTime: 60_000,
  })
}

export const fetchItem = (code: string) => api.get<ItemGuide>(`/hall/items/${code}`)

export async function changeItem(code: string, change: ItemChange) {
  const after = await api.put<ItemGuide>(`/hall/items/${code}`, change)
  await queryClient.invalidateQueries({ queryKey: ['hall'] })
  return after
}

export const apply = (application: NewApplication) => api.post<Taken>('/hall/applications', application)

/** The items whose name or summary holds the words. */
export const findItems = (q: string) => api.get<Page<Item>>('/hall/items', { q })
