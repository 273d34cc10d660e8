import { queryClient } from '@console/query'
import { address, api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type ConventionRow = Told<'PactConventionRow'>
export type Convention = Told<'PactDetail'>
export type Edition = Convention['editions'][number]
export type Clause = Edition['clauses'][number]
export type Finding = Edition['findings'][number]
export type Move = Convention['allowed'][number]
export type Content = Told<'PactContent'>
export type Reviewed = Told<'PactReviewed'>
export type Marked = Reviewed['findings'][number]
export type Meeting = Told<'PactMeeting'>
export type Filing = Told<'PactFiling'>

export const states: ConventionRow['state'][] = [
  'collecting',
  'drafting',
  'reviewing',
  'cleared',
  'adopted',
  'filed',
  'published',
  'ordered',
  'discarded',
]
export const kinds: ConventionRow['kind'][] = ['villagers', 'residents', 'citizens', 'charter', 'group']

/** How a state is marked. */
export const tones: Record<string, string> = { reviewing: 'soon', collecting: 'info', published: 'done', ordered: 'late' }

export interface ConventionFilter {
  state: string
  kind: string
  area?: string
}

export const findConventions = (filter: ConventionFilter, cursor?: string) =>
  api.get<Page<ConventionRow>>('/pact/conventions', { ...filter, cursor })

export const fetchConvention = (id: string) => api.get<Convention>(`/pact/conventions/${id}`)
export const useConvention = (id: Ref<string>) => useQuery({ queryKey: ['convention', id], queryFn: () => fetchConvention(id.value) })

/** The convention as the server has it now; lists are asked for anew. */
export function changed(of: Convention) {
  queryClient.setQueryData(['convention', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['conventions'] })
  return of
}

export const save = async (content: Content, of?: { id: string; version: number }) =>
  changed(
    of
      ? await api.put<Convention>(`/pact/conventions/${of.id}`, { ...content, version: of.version })
      : await api.post<Convention>('/pact/conventions', content),
  )

/** Reviews a text without keeping it; a pasted one is taken apart first. */
export const review = (content: Content, text?: string) => api.post<Reviewed>('/pact/review', { ...content, text: text || undefined })

export const takeStep = async (id: string, move: Move, sent: { note?: string; meeting?: Partial<Meeting>; filing?: Filing }) =>
  changed(await api.post<Convention>(offered(`/pact/conventions/${id}/${move.verb}`), { version: move.version, ...sent }))

export const decide = async (id: string, finding: string, decision: string, reason: string) =>
  changed(await api.post<Convention>(offered(`/pact/conventions/${id}/findings/${finding}/decide`), { decision, reason }))

export const tell = async (id: string, body: string) => changed(await api.post<Convention>(`/pact/conventions/${id}/opinions`, { body }))

export const tableOf = (id: string, format: 'csv' | 'xlsx') => address(`/pact/conventions/${id}/table`, { format })

/** A text in runs: those that a finding marks, and those between. Places are counted in characters, as the server counts them. */
export function runs(text: string, words: string[]) {
  const out: { text: string; marked: boolean }[] = []
  let rest = text
  while (rest) {
    const next = words
      .map((w) => ({ w, at: w ? rest.indexOf(w) : -1 }))
      .filter((x) => x.at >= 0)
      .sort((a, b) => a.at - b.at || b.w.length - a.w.length)[0]
    if (!next) {
      out.push({ text: rest, marked: false })
      break
    }
    if (next.at > 0) out.push({ text: rest.slice(0, next.at), marked: false })
    out.push({ text: next.w, marked: true })
    rest = rest.slice(next.at + next.w.length)
  }
  return out
}
