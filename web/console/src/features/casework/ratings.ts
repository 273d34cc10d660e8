import { address, api, offered } from '@shared/api'
import type { Appeal, FollowUp, IndicatorTable, MoveBody, Page } from '@shared/contract'
import { queryClient } from '@console/query'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'

export const findFollowUps = (area: string | undefined, done: boolean, cursor?: string) =>
  api.get<Page<FollowUp>>('/casework/followups', { area, done, cursor })

/** Takes a step of a follow-up; its lists are asked for anew. */
export async function stepFollowUp(f: FollowUp, verb: string, body: MoveBody) {
  await api.post(offered(`/casework/cases/${f.case.id}/followups/${f.seq}/${verb}`), body)
  await queryClient.invalidateQueries({ queryKey: ['casework', 'followups'] })
}

export type AppealList = 'unit' | 'waiting' | 'decided'

export const findAppeals = (list: AppealList, area: string | undefined, cursor?: string) =>
  api.get<Page<Appeal>>('/casework/appeals', { list, area, cursor })

/** Takes a step of an appeal; what hangs on ratings is asked for anew. */
export async function stepAppeal(a: Appeal, verb: string, body: MoveBody) {
  await api.post(offered(`/casework/cases/${a.case.id}/appeals/${a.seq}/${verb}`), body)
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

export const indicatorTable = (p: Period) => address('/casework/indicators/table', { ...p })
