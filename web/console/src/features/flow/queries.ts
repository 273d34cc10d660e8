import { api } from '@shared/api'
import type { Flow, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

/** A flow with every key in the writing of the contract. */
const uncapitalized = (flow: object) =>
  Object.fromEntries(Object.entries(flow).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value])) as Flow

export function useFlows() {
  return useQuery({
    queryKey: ['casework', 'flows'],
    queryFn: async () => ({ items: (await api.get<Page<object>>('/casework/flows')).items.map(uncapitalized) }),
    staleTime: Infinity,
  })
}
