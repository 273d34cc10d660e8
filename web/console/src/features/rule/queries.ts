import { api } from '@shared/api'
import type { Page, Rule } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

export function useRules() {
  return useQuery({ queryKey: ['rule', 'rules'], queryFn: () => api.get<Page<Rule>>('/rules'), staleTime: 60_000 })
}
