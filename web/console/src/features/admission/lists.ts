import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type KindView = Told<'AdmissionKindView'>
export type Edition = Told<'AdmissionList'>
export type ListDetail = Told<'AdmissionListDetail'>
export type Entry = Told<'AdmissionEntry'>
export type EntryDifference = Told<'AdmissionEntryDifference'>
export type ListMove = ListDetail['allowed'][number]
export type TableRead = Told<'AdmissionTableRead'>
export type Kind = KindView['kind']

/** How a state is marked. */
export const tones: Record<string, string> = { draft: 'info', proposed: 'soon', published: 'done' }

/** The columns of a list that a reader compares, with the value of each in the reader's language. */
export const parts: Record<string, (e: Entry) => string> = {
  text_zh: (e) => e.text.zh,
  text_en: (e) => e.text.en,
  terms: (e) => (e.terms ?? []).join(' '),
  department: (e) => e.department ?? '',
  department_zh: (e) => e.departmentName?.zh ?? '',
  department_en: (e) => e.departmentName?.en ?? '',
  law_zh: (e) => e.law.zh,
  law_en: (e) => e.law.en,
  article_zh: (e) => e.article?.zh ?? '',
  article_en: (e) => e.article?.en ?? '',
  from: (e) => e.from,
  until: (e) => e.until ?? '',
  certainty: (e) => e.certainty,
  note_zh: (e) => e.note?.zh ?? '',
  note_en: (e) => e.note?.en ?? '',
}

type Pair = { zh: string; en: string }
/** A text in the reader's language, Chinese where there is no English. */
export const said = (p: Pair | undefined, locale: string) => (locale === 'en' ? p?.en || p?.zh : p?.zh) ?? ''

export const newEntry = (from: string): Entry => ({
  code: '',
  text: { zh: '', en: '' },
  terms: [],
  departmentName: { zh: '', en: '' },
  law: { zh: '', en: '' },
  article: { zh: '', en: '' },
  from,
  until: '',
  certainty: 'U',
  note: { zh: '', en: '' },
})

export const useLists = (area: Ref<string>) =>
  useQuery({
    queryKey: ['admission-lists', area],
    queryFn: () => api.get<Page<KindView>>('/admission/lists', { area: area.value }),
    enabled: () => area.value !== '',
  })

export const fetchList = (id: string) => api.get<ListDetail>(`/admission/lists/${id}`)

export const useList = (id: Ref<string>) => useQuery({ queryKey: ['admission-list', id], queryFn: () => fetchList(id.value) })

export const useDifferences = (id: Ref<string>, against: Ref<string>) =>
  useQuery({
    queryKey: ['admission-list', id, 'differences', against],
    queryFn: () => api.get<Page<EntryDifference>>(`/admission/lists/${id.value}/differences`, { against: against.value || undefined }),
  })

/** The edition as the server has it now; what lists it is asked for anew. */
function changed(of: ListDetail) {
  queryClient.setQueryData(['admission-list', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['admission-list', of.id, 'differences'] })
  void queryClient.invalidateQueries({ queryKey: ['admission-lists'] })
  return of
}

export const beginList = async (area: string, kind: Kind) => changed(await api.post<ListDetail>('/admission/lists', { area, kind }))

export const saveList = async (id: string, version: number, reason: string, entries: Entry[]) =>
  changed(await api.put<ListDetail>(`/admission/lists/${id}`, { version, reason, entries }))

export const stepList = async (of: ListDetail, verb: string, more: { note?: string; day?: string }) =>
  changed(await api.post<ListDetail>(offered(`/admission/lists/${of.id}/${verb}`), { version: of.version, ...more }))

export const readTable = (id: string, file: File) => api.upload<TableRead>(`/admission/lists/${id}/table`, file)

export const tableAddress = (id: string, format: string) => `/api/v1/admission/lists/${id}/table?format=${format}`
