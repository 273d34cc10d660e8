import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import { now } from '@shared/clock'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type MatterRow = Told<'CouncilMatterRow'>
export type Matter = Told<'CouncilMatterDetail'>
export type MatterMove = Matter['allowed'][number]
export type Reservation = Told<'CouncilReservation'>
export type Delegation = Told<'CouncilDelegation'>
export type SignedVote = Told<'CouncilSignedVote'>
export type Origin = MatterRow['origin']

export const matterStates: MatterRow['state'][] = [
  'gathering',
  'proposed',
  'returned',
  'accepted',
  'consulted',
  'deliberating',
  'unresolved',
  'agreed',
  'referred',
  'examined',
  'decided',
  'announced',
  'executing',
  'executed',
  'supervised',
  'disclosed',
  'appraised',
  'rejected',
  'withdrawn',
  'lapsed',
  'dropped',
]
export const origins: Origin[] = ['party', 'committee', 'residents', 'representatives', 'resident', 'incident', 'disclosure']
export const matterTones: Record<string, string> = {
  gathering: 'info',
  returned: 'soon',
  unresolved: 'soon',
  executing: 'info',
  disclosed: 'info',
  appraised: 'done',
  rejected: 'late',
}

export const findMatters = (asked: { state: string; origin: string; q: string; late: string; area?: string }, cursor?: string) =>
  api.get<Page<MatterRow>>('/council/matters', {
    area: asked.area,
    state: asked.state || undefined,
    origin: asked.origin || undefined,
    q: asked.q || undefined,
    late: asked.late ? true : undefined,
    cursor,
  })

export const fetchMatter = (id: string) => api.get<Matter>(`/council/matters/${id}`)
export const useMatter = (id: Ref<string>) => useQuery({ queryKey: ['council-matter', id], queryFn: () => fetchMatter(id.value) })

/** The matter as the server has it now; lists are asked for anew. */
function changed(of: Matter) {
  queryClient.setQueryData(['council-matter', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['council-matters'] })
  return of
}

export interface Written {
  area: string
  origin: Origin
  code: string
  title: string
  body: string
  mode: 'voters' | 'households' | 'representatives'
  entitled: number
  asked: number
  countedBy: string
  ref: string
}

/** Raises a matter, or writes one anew that was returned. */
export const writeMatter = async (w: Written, of?: { id: string; version: number }) => {
  const content = { code: w.code, title: w.title, body: w.body }
  if (of) return changed(await api.put<Matter>(`/council/matters/${of.id}`, { version: of.version, content }))
  const together = w.origin === 'residents' || w.origin === 'representatives'
  return changed(
    await api.post<Matter>('/council/matters', {
      area: w.area,
      origin: w.origin,
      content,
      request: together ? { mode: w.mode, entitled: w.entitled, asked: w.asked, countedBy: w.countedBy } : undefined,
      ref: w.ref || undefined,
    }),
  )
}

export type Sent = Omit<Told<'CouncilMatterSent'>, 'version'>

export const stepMatter = async (of: Matter, verb: string, sent: Sent) =>
  changed(await api.post<Matter>(offered(`/council/matters/${of.id}/${verb}`), { version: of.version, ...sent }))

export interface Piece {
  id?: string
  title: string
  who: string
  due: string
  planned: number
}

export const planMatter = async (of: Matter, plan: Piece[]) =>
  changed(await api.put<Matter>(`/council/matters/${of.id}/plan`, { version: of.version, plan }))

export interface OnPaper {
  name: string
  phone?: string
  address?: string
  grade?: 'satisfied' | 'fair' | 'dissatisfied'
}

export const enterOnPaper = async (of: Matter, what: 'supporters' | 'grades', people: OnPaper[]) =>
  changed(await api.post<Matter>(offered(`/council/matters/${of.id}/${what}`), { version: of.version, people }))

export const enterOpinion = async (of: Matter, body: string) =>
  changed(await api.post<Matter>(`/council/matters/${of.id}/opinions`, { body }))

export const votesFor = async (id: string) => (await api.get<Page<SignedVote>>(`/council/matters/${id}/votes`)).items

export const useSubjects = (area: Ref<string>) =>
  useQuery({
    queryKey: ['council-subjects', area],
    queryFn: async () => (await api.get<Page<Reservation>>('/council/subjects', { area: area.value })).items,
    enabled: () => area.value.length === 12,
  })

export const useDelegations = (area: Ref<string>) =>
  useQuery({
    queryKey: ['council-delegations', area],
    queryFn: async () => (await api.get<Page<Delegation>>('/council/delegations', { area: area.value })).items,
    enabled: () => area.value.length === 12,
  })

export const useAssemblyVotes = (area: Ref<string>) =>
  useQuery({
    queryKey: ['council-assembly-votes', area],
    queryFn: async () => (await api.get<Page<SignedVote>>('/council/delegations/votes', { area: area.value })).items,
    enabled: () => area.value.length === 12,
  })

export async function delegate(area: string, code: string, vote: SignedVote) {
  await api.post('/council/delegations', { area, code, meeting: vote.meeting, vote: vote.id })
  await queryClient.invalidateQueries({ queryKey: ['council-delegations'] })
}

export async function endDelegation(of: Delegation, reason: string) {
  await api.post(`/council/delegations/${of.id}/end`, { version: of.version, reason })
  await queryClient.invalidateQueries({ queryKey: ['council-delegations'] })
}

/** How a deadline is marked: over, or not yet. */
export const dueTone = (due: number) => (due < now() ? 'late' : '')

/** Yuan as people write them, in fen; NaN for what is no sum. */
export const fen = (yuan: string) => (/^\d{1,9}(\.\d{1,2})?$/.test(yuan.trim()) ? Math.round(Number(yuan) * 100) : yuan.trim() ? NaN : 0)
export const yuan = (sum: number) => `${Math.trunc(sum / 100)}.${String(sum % 100).padStart(2, '0')}`
/** Lines of a field, without empty ones. */
export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((l) => l.trim())
    .filter(Boolean)
