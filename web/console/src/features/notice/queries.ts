import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type NoticeRow = Told<'NoticeSummary'>
export type Notice = Told<'NoticeDetail'>
export type NoticeEdition = Told<'NoticeEditionView'>
export type NoticeMove = Told<'NoticeMove'>
export type NoticeContent = Told<'NoticeContent'>
export type NoticeFile = Told<'NoticeFile'>
export type NoticeRound = Notice['rounds'][number]

export const states: NoticeRow['state'][] = ['draft', 'submitted', 'returned', 'published', 'withdrawn', 'expired', 'discarded']
export const kinds: NoticeContent['kind'][] = ['affairs', 'service', 'activity', 'utility', 'safety', 'other']

/** How a state is marked. */
export const tones: Record<string, string> = { submitted: 'soon', returned: 'late', published: 'done', withdrawn: 'late' }

export interface NoticeFilter {
  state: string
  kind: string
  urgent: boolean
  area?: string
}

export const findNotices = ({ urgent, ...filter }: NoticeFilter, cursor?: string) =>
  api.get<Page<NoticeRow>>('/notice/notices', { ...filter, urgent: urgent || undefined, cursor })

export const useNotice = (id: Ref<string>) =>
  useQuery({ queryKey: ['notice', id], queryFn: () => api.get<Notice>(`/notice/notices/${id.value}`) })

/** The notice as the server has it now; lists of notices are asked for anew. */
export function noticeChanged(of: Notice) {
  queryClient.setQueryData(['notice', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['notices'] })
  return of
}

export const saveNotice = async (content: NoticeContent, of?: { id: string; version: number }) =>
  noticeChanged(
    of
      ? await api.put<Notice>(`/notice/notices/${of.id}`, { ...content, version: of.version })
      : await api.post<Notice>('/notice/notices', content),
  )

export const takeStep = async (id: string, move: NoticeMove, note: string) =>
  noticeChanged(await api.post<Notice>(offered(`/notice/notices/${id}/${move.verb}`), { version: move.version, note: note || undefined }))

export async function attach(id: string, file: File) {
  await api.upload<NoticeFile>(`/notice/notices/${id}/files`, file)
  return noticeChanged(await api.get<Notice>(`/notice/notices/${id}`))
}

export async function detach(id: string, file: string) {
  await api.delete(`/notice/notices/${id}/files/${file}`)
  return noticeChanged(await api.get<Notice>(`/notice/notices/${id}`))
}

export const fileAddress = (of: NoticeEdition, file: NoticeFile, small = false) =>
  `/api/v1/notice/notices/${of.id}/files/${file.id}?edition=${of.edition}${small ? '&small=true' : ''}`
