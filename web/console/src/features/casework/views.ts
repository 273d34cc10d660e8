import { api } from '@shared/api'
import type { Page, SavedView } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { queryClient } from '@console/query'

export function useViews() {
  return useQuery({ queryKey: ['casework', 'views'], queryFn: () => api.get<Page<SavedView>>('/casework/views'), staleTime: 60_000 })
}

const changed = () => queryClient.invalidateQueries({ queryKey: ['casework', 'views'] })

export async function saveView(name: string, query: Record<string, string>, area?: string) {
  await api.post('/casework/views', { name, query, area })
  await changed()
}

export async function removeView(id: string) {
  await api.delete(`/casework/views/${id}`)
  await changed()
}
