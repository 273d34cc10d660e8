import { queryClient } from '@console/query'
import { api, offered, type PostPath } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import type { AnswerDetail, Filled } from '@shared/filling'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type Sending = Told<'ExchangeSendingView'>
export type SendingDetail = Told<'ExchangeSendingDetail'>
export type AnswerRow = Told<'ExchangeAnswerSummary'>
export type { Answer, AnswerDetail, Filled, Question } from '@shared/filling'
export type Dispute = Told<'ExchangeDisputeView'>
export type Figures = Told<'ExchangeSendingFigures'>
export const sendingStates: Sending['state'][] = ['preparing', 'open', 'ended']
export const answerStates: AnswerRow['state'][] = ['asked', 'submitted', 'returned', 'accepted', 'lapsed']
export const disputeStates: Dispute['state'][] = ['claimed', 'corrected', 'upheld']

/** How a state is marked. */
export const tones: Record<string, string> = {
  preparing: 'info',
  open: 'soon',
  asked: 'soon',
  submitted: 'info',
  returned: 'late',
  accepted: 'done',
  claimed: 'soon',
  corrected: 'done',
  upheld: 'done',
}

export const findSendings = (filter: { state: string; area?: string }, cursor?: string) =>
  api.get<Page<Sending>>('/exchange/sendings', { ...filter, state: filter.state || undefined, cursor })

export const useFigures = () => useQuery({ queryKey: ['sendings', 'figures'], queryFn: () => api.get<Figures>('/exchange/figures') })

export const fetchSending = (id: string) => api.get<SendingDetail>(`/exchange/sendings/${id}`)

/** One that is being prepared is asked for again until all communities have it. */
export const useSending = (id: Ref<string>) =>
  useQuery({
    queryKey: ['sending', id],
    queryFn: () => fetchSending(id.value),
    refetchInterval: (q) => (q.state.data?.state === 'preparing' ? 2000 : false),
  })

export function sendingChanged(of: SendingDetail) {
  queryClient.setQueryData(['sending', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['sendings'] })
  return of
}

/** The form that is to be sent. */
export const fetchForm = (id: string) => api.get<Told<'ExchangeFormDetail'>>(`/exchange/forms/${id}`)

export const sendForm = async (
  form: string,
  body: { areas: string[]; duty?: string; dueOn?: string; minutes?: number; clientKey: string },
) => {
  const made = await api.post<Sending>(`/exchange/forms/${form}/send`, body)
  void queryClient.invalidateQueries({ queryKey: ['sendings'] })
  return made
}

export const stepSending = async (of: SendingDetail, verb: string, note: string, version = of.version) =>
  sendingChanged(await api.post<SendingDetail>(offered(`/exchange/sendings/${of.id}/${verb}`), { version, note: note || undefined }))

export const findAnswers = (sending: string, filter: { state: string; late: boolean }, cursor?: string) =>
  api.get<Page<AnswerRow>>(`/exchange/sendings/${sending}/answers`, {
    state: filter.state || undefined,
    late: filter.late || undefined,
    cursor,
  })

export const findMine = (filter: { state: string }, cursor?: string) =>
  api.get<Page<AnswerRow>>('/exchange/answers', { state: filter.state || undefined, cursor })

export const exportAddress = (id: string, format: string, purpose: string) =>
  `/api/v1/exchange/sendings/${id}/export?format=${format}&purpose=${purpose}`

export const fetchAnswer = (id: string) => api.get<AnswerDetail>(`/exchange/answers/${id}`)
export const openAnswer = (id: string) => api.post<AnswerDetail>(`/exchange/answers/${id}/open`)

/** An answer changed: lists are asked for anew. */
async function changed(answer: Promise<AnswerDetail>) {
  const after = await answer
  void queryClient.invalidateQueries({ queryKey: ['answers'] })
  void queryClient.invalidateQueries({ queryKey: ['sending', after.sending] })
  return after
}

export const saveAnswer = (id: string, body: Filled) => changed(api.put<AnswerDetail>(`/exchange/answers/${id}/draft`, body))
export const submitAnswer = (id: string, body: Filled) => changed(api.post<AnswerDetail>(`/exchange/answers/${id}/submit`, body))
export const setTime = (id: string, version: number, minutes: number) =>
  changed(api.post<AnswerDetail>(`/exchange/answers/${id}/time`, { version, minutes }))
export const acceptAnswer = (id: string, version: number) => changed(api.post<AnswerDetail>(`/exchange/answers/${id}/accept`, { version }))
export const returnAnswer = (id: string, version: number, reasons: Record<string, string>) =>
  changed(api.post<AnswerDetail>(`/exchange/answers/${id}/return`, { version, reasons }))
export const unmask = (id: string, key: string, held: boolean, purpose: string) =>
  api.post<{ value: string }>(`/exchange/answers/${id}/fields/${key}/unmask`, { purpose, held })
export const filesOf = (id: string, key: string): PostPath => `/exchange/answers/${id}/fields/${key}/files`
export const dropFile = (id: string, file: string) => api.delete(`/exchange/answers/${id}/files/${file}`)
export const fileAddress = (id: string, file: string) => `/api/v1/exchange/answers/${id}/files/${file}`

export const findDisputes = (filter: { state: string }, cursor?: string) =>
  api.get<Page<Dispute>>('/exchange/disputes', { state: filter.state || undefined, cursor })
export async function decideDispute(of: Dispute, verb: string, note: string, version: number) {
  await api.post(offered(`/exchange/disputes/${of.id}/${verb}`), { version, note })
  await queryClient.invalidateQueries({ queryKey: ['disputes'] })
}
