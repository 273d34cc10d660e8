import { api } from '@shared/api'
import type { CalendarDay, CalendarDraft, CalendarLoaded, CalendarPreview, CalendarYear, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export function useYears() {
  return useQuery({ queryKey: ['calendar', 'years'], queryFn: () => api.get<Page<CalendarYear>>('/calendar/years'), staleTime: 60_000 })
}

/** The days off and make-up days of a loaded year. */
export function useDays(year: MaybeRefOrGetter<number>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['calendar', 'days', year],
    queryFn: () => api.get<Page<CalendarDay>>(`/calendar/years/${toValue(year)}`),
    enabled: () => toValue(enabled),
  })
}

export const previewYear = (year: number, draft: CalendarDraft) => api.post<CalendarPreview>(`/calendar/years/${year}/preview`, draft)

/** Loads or corrects a year; deadlines everywhere may be other than they were. */
export async function loadYear(year: number, draft: CalendarDraft, confirmed: boolean): Promise<CalendarLoaded> {
  const done = await api.put<CalendarLoaded>(`/calendar/years/${year}`, { ...draft, confirmed })
  void queryClient.invalidateQueries({ queryKey: ['calendar'] })
  void queryClient.invalidateQueries({ queryKey: ['casework'] })
  return done
}

export const deadlineOf = (from: string, workdays: number) => api.get<{ deadline: string }>('/calendar/deadline', { from, workdays })
