import { address, api } from '@shared/api'
import type { Appeal, FollowUp, IndicatorTable, MoveBody, Page } from '@shared/contract'
import { queryClient } from '@console/query'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'

export function useFollowUps(area: MaybeRefOrGetter<string>, done: MaybeRefOrGetter<boolean>) {
  return useInfiniteQuery({
    queryKey: ['casework', 'followups', area, done],
    queryFn: ({ pageParam }) =>
      api.get<Page<FollowUp>>('/casework/followups', {
        area: toValue(area) || undefined,
        done: toValue(done),
        cursor: pageParam || undefined,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
}

/** Takes a step of a follow-up; its lists are asked for anew. */
export async function stepFollowUp(f: FollowUp, verb: string, body: MoveBody) {
  await api.post(`/casework/cases/${f.case.id}/followups/${f.seq}/${verb}`, body)
  await queryClient.invalidateQueries({ queryKey: ['casework', 'followups'] })
}

export type AppealList = 'unit' | 'waiting' | 'decided'

export function useAppeals(list: MaybeRefOrGetter<AppealList>, area: MaybeRefOrGetter<string>) {
  return useInfiniteQuery({
    queryKey: ['casework', 'appeals', list, area],
    queryFn: ({ pageParam }) =>
      api.get<Page<Appeal>>('/casework/appeals', { list: toValue(list), area: toValue(area) || undefined, cursor: pageParam || undefined }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
}

/** Takes a step of an appeal; what hangs on ratings is asked for anew. */
export async function stepAppeal(a: Appeal, verb: string, body: MoveBody) {
  await api.post(`/casework/cases/${a.case.id}/appeals/${a.seq}/${verb}`, body)
  await queryClient.invalidateQueries({ queryKey: ['casework'] })
}

/** Excludes a rating that was found false; the case is asked for anew. */
export async function excludeRating(caseId: string, seq: number, reason: string) {
  await api.post(`/casework/cases/${caseId}/ratings/${seq}/exclude`, { reason })
  await queryClient.invalidateQueries({ queryKey: ['casework'] })
}

export interface Period {
  area: string
  kind?: string
  from: string
  to: string
}

export function useIndicators(period: MaybeRefOrGetter<Period>) {
  return useQuery({
    queryKey: ['casework', 'indicators', period],
    queryFn: () => api.get<IndicatorTable>('/casework/indicators', { ...toValue(period) }),
    enabled: () => toValue(period).area !== '' && toValue(period).from !== '',
  })
}

export const indicatorTable = (p: Period) =>
  address(
    `/casework/indicators/table?${new URLSearchParams({ area: p.area, from: p.from, to: p.to, ...(p.kind ? { kind: p.kind } : {}) })}`,
  )
