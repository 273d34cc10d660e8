import { api } from '@shared/api'
import type { Item, ItemChange, ItemGuide, NewApplication, Page, Taken, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { queryClient } from '@console/query'
import type { Content, Edition, EditionSummary } from './design'

/** The items on offer, or with `all` also the suspended ones. */
export function useItems(all = false) {
  return useQuery({
    queryKey: ['hall', 'items', all],
    queryFn: () => api.get<Page<Item>>('/hall/items', { all: all || undefined }),
    staleTime: 60_000,
  })
}

export function useItem(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['hall', 'item', code],
    queryFn: () => api.get<ItemGuide>(`/hall/items/${toValue(code)}`),
    enabled: () => toValue(code) !== '',
    staleTime: 60_000,
  })
}

export const fetchItem = (code: string) => api.get<ItemGuide>(`/hall/items/${code}`)

export async function changeItem(code: string, change: ItemChange) {
  const after = await api.put<ItemGuide>(`/hall/items/${code}`, change)
  await queryClient.invalidateQueries({ queryKey: ['hall'] })
  return after
}

export const apply = (application: NewApplication) => api.post<Taken>('/hall/applications', application)

/** The items whose name or summary holds the words. */
export const findItems = (q: string) => api.get<Page<Item>>('/hall/items', { q })

export type Trial = Told<'HallTrialView'>
export type Change = Told<'HallEditionChange'>

/** An item changed: every list and page of the hall is asked for anew. */
async function changed<T>(answer: Promise<T>): Promise<T> {
  const after = await answer
  await queryClient.invalidateQueries({ queryKey: ['hall'] })
  return after
}

/** Drafts and upcoming versions of all items. */
export const usePlanned = (may: boolean) =>
  useQuery({ queryKey: ['hall', 'planned'], queryFn: () => api.get<Page<EditionSummary>>('/hall/editions'), enabled: may })

export const useEditions = (code: Ref<string>) =>
  useQuery({ queryKey: ['hall', 'editions', code], queryFn: () => fetchEditions(code.value) })

const fetchEditions = (code: string) => api.get<Told<'HallItemEditions'>>(`/hall/items/${code}/editions`)

/** The draft of an item, if there is one. */
export async function fetchDraft(code: string): Promise<Edition | undefined> {
  const draft = (await fetchEditions(code)).editions.find((e) => e.state === 'draft')
  return draft && (await api.get<Edition>(`/hall/items/${code}/editions/${draft.edition}`))
}

export const beginItem = (content: Content) => changed(api.post<Edition>('/hall/items', { content }))
export const beginDraft = (code: string) => changed(api.post<Edition>(`/hall/items/${code}/draft`, {}))
export const saveDraft = (content: Content, version: number) =>
  changed(api.put<Edition>(`/hall/items/${content.code}/draft`, { content, version }))
export const discardDraft = (code: string, version: number) => changed(api.delete(`/hall/items/${code}/draft`, { version }))
export const publishDraft = (code: string, version: number, from: string) =>
  changed(api.post<Edition>(`/hall/items/${code}/draft/publish`, { version, from }))
export const withdrawEdition = (e: EditionSummary, reason: string) =>
  changed(api.post<Edition>(`/hall/items/${e.code}/editions/${e.edition}/withdraw`, { version: e.version, reason }))
export const compare = (code: string, before: number, after: number) =>
  api.get<Page<Change>>(`/hall/items/${code}/differences`, { before, after })
export const preview = (content: Content, lang: string) => api.post<{ html: string }>('/hall/preview', { content, lang })
export const tryOut = (content: Content, area: string, answers: Record<string, string>) =>
  api.post<Trial>('/hall/trial', { content, area, answers })
