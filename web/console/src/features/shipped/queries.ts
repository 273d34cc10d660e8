import { api } from '@shared/api'
import type { Decision, Difference, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { queryClient } from '@console/query'

export function useDifferences() {
  return useQuery({ queryKey: ['shipped'], queryFn: () => api.get<Page<Difference>>('/shipped/differences') })
}

/**
 * Takes what the program ships, or keeps the city's own; either way the difference is listed no more. Gives why something
 * that follows from it is left to the jobs.
 */
export async function decide(d: Difference, take: boolean) {
  const made = await api.post<Decision>('/shipped/decisions', { kind: d.kind, name: d.name, take })
  await queryClient.invalidateQueries() // rules, items, categories and days are read all over the console
  return made.unfinished
}
