import { api } from '@shared/api'
import type { Job, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

/** How the jobs stand; looked at again every half minute while the page is open. */
export function useJobs() {
  return useQuery({ queryKey: ['jobs'], queryFn: () => api.get<Page<Job>>('/jobs'), refetchInterval: 30_000 })
}
