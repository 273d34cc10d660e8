import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type ApplicationRow = Told<'AdmissionAdmissionSummary'>
export type Application = Told<'AdmissionAdmissionDetail'>
export type Proposal = Told<'AdmissionProposal'>
export type AdmissionMove = Application['allowed'][number]
export type Payment = Application['payments'][number]
export type Finding = Told<'AdmissionAdmissionFinding'>
export type Verdict = Told<'AdmissionAdmissionVerdict'>

export const states: string[] = [
  'open',
  'draft',
  'signing',
  'submitted',
  'returned',
  'evaluating',
  'hearing',
  'unfunded',
  'active',
  'provisional',
  'suspended',
  'refused',
  'withdrawn',
  'revoked',
  'expired',
  'unratified',
]
export const ways: string[] = ['task', 'form', 'inspection', 'meeting', 'certificate', 'part', 'redirect']

/** How a state is marked. */
export const tones: Record<string, string> = {
  signing: 'soon',
  submitted: 'soon',
  evaluating: 'soon',
  hearing: 'soon',
  returned: 'late',
  unfunded: 'soon',
  active: 'done',
  provisional: 'soon',
  suspended: 'late',
  refused: 'late',
  revoked: 'late',
  unratified: 'late',
}

/** Fen as yuan, and back; what is no amount is 0. */
export const yuanOf = (fen: number): string => (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
export const fenOf = (yuan: string | number): number => Math.round(Number(String(yuan).replaceAll(',', '')) * 100) || 0

export interface ApplicationFilter {
  state: string
  words: string
  money: boolean
  area?: string
}

export const findApplications = ({ money, words, state, area }: ApplicationFilter, cursor?: string) =>
  api.get<Page<ApplicationRow>>('/admission/applications', { state, words, area, money: money || undefined, cursor })

export const useApplication = (id: Ref<string>) =>
  useQuery({
    queryKey: ['admission-application', id],
    queryFn: () => api.get<Application>(`/admission/applications/${id.value}`),
  })

/** The application as the server has it now; lists are asked for anew. */
export function applicationChanged(of: Application) {
  queryClient.setQueryData(['admission-application', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['admission-applications'] })
  return of
}

export const saveApplication = async (content: Proposal, of?: { id: string; version: number }) =>
  applicationChanged(
    of
      ? await api.put<Application>(`/admission/applications/${of.id}`, { content, version: of.version })
      : await api.post<Application>('/admission/applications', { content }),
  )

export const checkApplication = (content: Proposal) => api.post<Verdict>('/admission/applications/check', { content })

export interface StepInput {
  note?: string
  choice?: string
  day?: string
}

export const takeStep = async (of: Application, verb: string, input: StepInput) =>
  applicationChanged(await api.post<Application>(offered(`/admission/applications/${of.id}/${verb}`), { version: of.version, ...input }))

export const takePaymentStep = async (of: Application, p: Payment, verb: string, input: StepInput) =>
  applicationChanged(
    await api.post<Application>(offered(`/admission/applications/${of.id}/instalments/${p.seq}/${verb}`), { version: p.version, ...input }),
  )

export async function attach(id: string, file: File) {
  await api.upload(`/admission/applications/${id}/files`, file)
  return applicationChanged(await api.get<Application>(`/admission/applications/${id}`))
}

export async function detach(id: string, file: string) {
  await api.delete(`/admission/applications/${id}/files/${file}`)
  return applicationChanged(await api.get<Application>(`/admission/applications/${id}`))
}

export const fileAddress = (id: string, file: string) => `/api/v1/admission/applications/${id}/files/${file}`

export type Figures = Told<'AdmissionAdmissionFigures'>

/** What came of the applications for an area, by month and body. */
export const useFigures = (area: Ref<string>, from: Ref<string>, to: Ref<string>) =>
  useQuery({
    queryKey: ['admission-figures', area, from, to],
    queryFn: () => api.get<Page<Figures>>('/admission/figures', { area: area.value, from: from.value, to: to.value }),
  })
export const figuresTable = (area: string, from: string, to: string, format: string) =>
  `/api/v1/admission/figures/table?area=${area}&from=${from}&to=${to}&format=${format}`
