import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type ElectionRow = Told<'CouncilElectionRow'>
export type Election = Told<'CouncilElectionDetail'>
export type Candidate = Election['plan']['candidates'][number]
export type Poll = Told<'CouncilPollDetail'>
export type RollRow = Told<'CouncilCardRow'>
export type NewTerms = Told<'CouncilNewTerms'>

export const states: ElectionRow['state'][] = [
  'draft',
  'posted',
  'ready',
  'polling',
  'counting',
  'announced',
  'concluded',
  'done',
  'void',
  'abandoned',
]
export const tones: Record<string, string> = {
  posted: 'info',
  ready: 'info',
  polling: 'soon',
  counting: 'soon',
  announced: 'soon',
  concluded: 'soon',
  done: 'done',
  void: 'late',
  abandoned: 'late',
}
export const posts = ['director', 'deputy_director', 'member'] as const
export const bars = ['expelled', 'sentenced', 'gang', 'cult'] as const

export const findElections = (asked: { state: string }, cursor?: string) =>
  api.get<Page<ElectionRow>>('/council/elections', { state: asked.state || undefined, cursor })

export const fetchElection = (id: string) => api.get<Election>(`/council/elections/${id}`)

export const useElection = (id: Ref<string>) => useQuery({ queryKey: ['election', id], queryFn: () => fetchElection(id.value) })

export const usePoll = (id: Ref<string>) =>
  useQuery({
    queryKey: ['council-poll', id],
    queryFn: () => api.get<Poll>(`/council/polls/${id.value}`),
    enabled: () => !!id.value,
    refetchInterval: (q) => (q.state.data?.state === 'open' ? 5000 : false),
  })

export const fetchRoll = async (poll: string, version: number, cards: boolean) =>
  (await api.get<Page<RollRow>>(`/council/polls/${poll}/roll`, { rollVersion: version, cards: cards || undefined })).items

function changed(of: Election) {
  queryClient.setQueryData(['election', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['elections'] })
  void queryClient.invalidateQueries({ queryKey: ['council-poll'] })
  return of
}

export const beginElection = async (area: string, plan: NewTerms) => changed(await api.post<Election>('/council/elections', { area, plan }))

export const writeElection = async (id: string, version: number, plan: NewTerms) =>
  changed(await api.put<Election>(`/council/elections/${id}`, { version, plan }))

export const stepElection = async (of: Election, verb: string, more: { note?: string; day?: string; dropped?: unknown[] }) =>
  changed(await api.post<Election>(offered(`/council/elections/${of.id}/${verb}`), { version: of.version, ...more }))

/** What is done on an election beside its steps: roll, candidates, objections, proxies. */
export const act = async (of: Election, what: string, body: object) =>
  changed(await api.post<Election>(offered(`/council/elections/${of.id}/${what}`), body))

export async function fillRoll(of: Election) {
  const found = await api.post<Told<'CouncilFilled'>>(`/council/elections/${of.id}/fill`, {})
  void queryClient.invalidateQueries({ queryKey: ['election', of.id] })
  void queryClient.invalidateQueries({ queryKey: ['council-poll'] })
  return found
}

export async function actPoll(poll: string, what: 'issue' | 'count' | 'explain', body: object) {
  const found = await api.post<Poll>(offered(`/council/polls/${poll}/${what}`), body)
  queryClient.setQueryData(['council-poll', poll], found)
  return found
}
