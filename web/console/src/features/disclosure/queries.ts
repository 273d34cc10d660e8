import { queryClient } from '@console/query'
import { address, api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'

export type Duty = Told<'DisclosureDutyView'>
export type DutyDetail = Told<'DisclosureDutyDetail'>
export type EntryRow = Told<'DisclosureEntrySummary'>
export type Entry = Told<'DisclosureDetail'>
export type Edition = Told<'DisclosureEditionView'>
export type Move = Told<'DisclosureMove'>
export type Content = Told<'DisclosureContent'>
export type Board = Told<'DisclosureBoard'>
export type Item = Told<'DisclosureItem'>
export type Power = Told<'DisclosurePower'>
export type Community = Told<'DisclosureCommunity'>
export type TableRead = Told<'DisclosureTableRead'>
export type EntryFile = Told<'DisclosureFile'>

export const heads: Item['head'][] = ['party', 'government', 'affairs', 'finance']
export const dutyStates = ['late', 'very_late', 'soon', 'open', 'unknown', 'posted']
export const entryStates: EntryRow['state'][] = ['draft', 'submitted', 'returned', 'posted', 'ended', 'discarded']
export const periods: Item['period'][] = ['monthly', 'quarterly', 'halfyearly', 'yearly', 'once']
export const tones: Record<string, string> = { submitted: 'soon', returned: 'late', posted: 'done', ended: '' }

export interface DutyFilter {
  state: string
  head: string
  area?: string
}
export const findDuties = (f: DutyFilter, cursor?: string) =>
  api.get<Page<Duty>>('/disclosure/duties', { area: f.area, state: f.state || undefined, head: f.head || undefined, cursor })
export const dutiesTable = (f: DutyFilter, format = 'xlsx') =>
  address('/disclosure/duties/table', { area: f.area, state: f.state || undefined, head: f.head || undefined, format })
export const useDuty = (id: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ['disclosure', 'duty', id], queryFn: () => api.get<DutyDetail>(`/disclosure/duties/${toValue(id)}`) })

export interface EntryFilter {
  state: string
  head: string
  words: string
  area?: string
}
export const findEntries = (f: EntryFilter, cursor?: string) =>
  api.get<Page<EntryRow>>('/disclosure/entries', {
    area: f.area,
    state: f.state || undefined,
    head: f.head || undefined,
    words: f.words || undefined,
    cursor,
  })
export const readEntry = (id: string) => api.get<Entry>(`/disclosure/entries/${id}`)
export const useEntry = (id: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ['disclosure', 'entry', id], queryFn: () => readEntry(toValue(id)) })

/** The entry as the server has it now; lists and duties are asked for anew. */
function changed(of: Entry) {
  queryClient.setQueryData(['disclosure', 'entry', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['disclosure'], predicate: (q) => q.queryKey[1] !== 'entry' })
  return of
}

export const beginEntry = async (duty: string) => changed(await api.post<Entry>(`/disclosure/duties/${duty}/entry`, {}))
export const saveEntry = async (id: string, version: number, content: Content) =>
  changed(await api.put<Entry>(`/disclosure/entries/${id}`, { ...content, version }))
export const fillEntry = async (id: string, version: number) =>
  changed(await api.post<Entry>(`/disclosure/entries/${id}/fill`, { version }))
export const takeStep = async (id: string, move: Move, note: string) =>
  changed(await api.post<Entry>(offered(`/disclosure/entries/${id}/${move.verb}`), { version: move.version, note: note || undefined }))
export const readTable = (id: string, file: File) => api.upload<TableRead>(`/disclosure/entries/${id}/table`, file)
export async function attach(id: string, file: File) {
  await api.upload<EntryFile>(`/disclosure/entries/${id}/files`, file)
  return changed(await readEntry(id))
}
export async function detach(id: string, file: string) {
  await api.delete(`/disclosure/entries/${id}/files/${file}`)
  return changed(await readEntry(id))
}
export const fileAddress = (of: Edition, file: EntryFile) => `/api/v1/disclosure/entries/${of.id}/files/${file.id}?edition=${of.edition}`
export const tableAddress = (of: Edition, format: string) =>
  address(`/disclosure/entries/${of.id}/table`, { edition: String(of.edition), format })

export const openEvent = async (body: { area: string; item: string; title: string; day: string }) => {
  const d = await api.post<DutyDetail>('/disclosure/duties', body)
  void queryClient.invalidateQueries({ queryKey: ['disclosure'] })
  return d
}

export const useBoard = (ask: MaybeRefOrGetter<{ area: string; from: string; to: string }>) =>
  useQuery({
    queryKey: ['disclosure', 'board', ask],
    queryFn: () => api.get<Board>('/disclosure/board', { ...toValue(ask) }),
    enabled: () => !!toValue(ask).area,
  })
export const boardTable = (ask: { area: string; from: string; to: string }) =>
  address('/disclosure/board/table', { ...ask, format: 'xlsx' })

export const readItems = async () => (await api.get<Page<Item>>('/disclosure/items')).items
export const useItems = () => useQuery({ queryKey: ['disclosure', 'items'], queryFn: readItems })
export const usePowers = () =>
  useQuery({ queryKey: ['disclosure', 'powers'], queryFn: async () => (await api.get<Page<Power>>('/disclosure/powers')).items })
export const saveItem = async (item: Item) => {
  const out = await api.put<Item>(`/disclosure/items/${item.code}`, item)
  void queryClient.invalidateQueries({ queryKey: ['disclosure'] })
  return out
}
export const useCommunity = (area: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['disclosure', 'community', area],
    queryFn: () => api.get<Community>(`/disclosure/communities/${toValue(area)}`),
    enabled: () => toValue(area).length === 12,
  })
export const setBusy = async (of: Community, busy: boolean) => {
  await api.put<Community>(`/disclosure/communities/${of.area}`, { busy, version: of.version })
  void queryClient.invalidateQueries({ queryKey: ['disclosure'] })
}
