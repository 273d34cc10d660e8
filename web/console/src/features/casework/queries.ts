import { api, address } from '@shared/api'
import type { Alert, Board, CaseDetail, CaseFile, CasePage, InboxCounts, Move, MoveBody, Page, PartOfCase, Todo } from '@shared/contract'
import { movePath } from '@shared/move'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'
import { useSession } from '@console/session'

export interface CaseFilter {
  view: string
  kind?: string
  state?: string
  subject?: string
  area?: string
  unit?: string
  handler?: string
  channel?: string
  from?: string
  to?: string
  overdue?: string
  low?: string
  q?: string
  cursor?: string
  limit?: number
}

export const findCases = (filter: CaseFilter) => api.get<CasePage>('/casework/cases', { ...filter })

/** How often a page that ends before it is full is read on from where it ended. */
const readOn = 6

async function casePage(filter: CaseFilter): Promise<CasePage> {
  const page = await findCases(filter)
  for (let i = 0; i < readOn && page.next && page.items.length < (filter.limit ?? 20); i++) {
    const more = await findCases({ ...filter, cursor: page.next, limit: (filter.limit ?? 20) - page.items.length })
    page.items.push(...more.items)
    page.next = more.next
  }
  return page
}

export function useCasePage(filter: MaybeRefOrGetter<CaseFilter>) {
  return useQuery({
    queryKey: ['casework', 'cases', filter],
    queryFn: () => casePage(toValue(filter)),
    placeholderData: keepPreviousData,
  })
}

export function useInboxCounts(enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['casework', 'inbox'],
    queryFn: () => api.get<InboxCounts>('/casework/inbox'),
    enabled: () => toValue(enabled),
    refetchInterval: 60_000,
  })
}

/** What waits for the reader beside cases. */
export function useTodo() {
  const session = useSession()
  return useQuery({
    queryKey: ['casework', 'todo'],
    queryFn: async () => (await api.get<Page<Todo>>('/casework/todo')).items,
    enabled: () => session.can('casework.todo'),
    refetchInterval: 60_000,
  })
}

export function useCase(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['casework', 'case', id],
    queryFn: () => api.get<CaseDetail>(`/casework/cases/${toValue(id)}`),
  })
}

/** What the reader's units are asked for on others' cases, the one due first at the head. */
export const findParts = (cursor?: string) => api.get<Page<PartOfCase>>('/casework/parts', { cursor })

/** Figures of an area, of now or in the structure of a past day. */
export function useBoard(area: MaybeRefOrGetter<string>, on: MaybeRefOrGetter<string> = '') {
  return useQuery({
    queryKey: ['casework', 'board', area, on],
    queryFn: () => api.get<Board>('/casework/board', { area: toValue(area), on: toValue(on) }),
    enabled: () => toValue(area) !== '',
  })
}

export const fileAddress = (caseId: string, file: CaseFile) => address(`/casework/cases/${caseId}/files/${file.id}`)

/** Makes a move and puts its answer in place of what was shown; lists and counts are asked for anew. */
export async function makeMove(c: CaseDetail, move: Move, body: MoveBody): Promise<CaseDetail> {
  const after = await api.post<CaseDetail>(movePath(c.kind, c.id, move.verb), body)
  queryClient.setQueryData(['casework', 'case', c.id], after)
  void casesChanged()
  return after
}

export function useAlerts(enabled: MaybeRefOrGetter<boolean>) {
  return useInfiniteQuery({
    queryKey: ['casework', 'alerts'],
    queryFn: ({ pageParam }) => api.get<Page<Alert>>('/casework/alerts', { cursor: pageParam || undefined }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    enabled: () => toValue(enabled),
  })
}

/** Marks warnings as read: those named, or all that stand. */
export async function readAlerts(ids: string[] = []) {
  await api.post('/casework/alerts/read', ids.length ? { ids } : {})
  await Promise.all(['alerts', 'inbox'].map((part) => queryClient.invalidateQueries({ queryKey: ['casework', part] })))
}

/** Every list and count of cases is out of date. */
export function casesChanged() {
  return Promise.all(['cases', 'inbox', 'board', 'parts'].map((part) => queryClient.invalidateQueries({ queryKey: ['casework', part] })))
}
