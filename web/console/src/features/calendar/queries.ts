import { api } from '@shared/api'
import type { CalendarYear, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

export function useYears() {
  return useQuery({ queryKey: ['calendar', 'years'], queryFn: () => api.get<Page<CalendarYear>>('/calendar/years'), staleTime: 60_000 })
}

export const deadlineOf = (from: string, workdays: number) => api.get<{ deadline: string }>('/calendar/deadline', { from, workdays })
