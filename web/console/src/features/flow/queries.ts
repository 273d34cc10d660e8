import { api } from '@shared/api'
import type { Flow, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

export function useFlows() {
  return useQuery({
    queryKey: ['casework', 'flows'],
    queryFn: () => api.get<Page<Flow>>('/casework/flows'),
    staleTime: Infinity,
  })
}
