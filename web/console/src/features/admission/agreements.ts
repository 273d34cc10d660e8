import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import type { Entry } from './lists'

export type AgreementRow = Told<'AdmissionAgreementRow'>
export type Agreement = Told<'AdmissionAgreementDetail'>
export type Terms = Agreement['terms']
export type Item = Terms['items'][number]
export type Appraisal = Agreement['appraisals'][number]
export type Mark = Appraisal['marks'][number]
export type AgreementMove = Agreement['allowed'][number]

export const states: AgreementRow['state'][] = ['draft', 'negotiating', 'signed', 'force', 'ended', 'dropped', 'terminated']
export const agreementTones: Record<string, string> = { negotiating: 'soon', signed: 'info', force: 'done', terminated: 'late' }

/** An amount of fen as people write it, in yuan. */
export const yuan = (fen: number | undefined, locale: string) =>
  ((fen ?? 0) / 100).toLocaleString(locale === 'en' ? 'en-GB' : 'zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export const findAgreements = (asked: { year: string; state: string; area?: string }, cursor?: string) =>
  api.get<Page<AgreementRow>>('/admission/agreements', {
    area: asked.area,
    year: Number(asked.year) || undefined,
    state: asked.state || undefined,
    cursor,
  })

export const fetchAgreement = (id: string) => api.get<Agreement>(`/admission/agreements/${id}`)

export const useAgreement = (id: Ref<string>) =>
  useQuery({ queryKey: ['admission-agreement', id], queryFn: () => fetchAgreement(id.value) })

/** The duties that a community's agreement may name. */
export async function duties(area: string): Promise<Entry[]> {
  const all = await Promise.all(
    (['own', 'assist', 'report'] as const).map((kind) => api.get<Page<Entry>>('/admission/entries', { area, kind })),
  )
  return all.flatMap((p) => p.items)
}

/** The agreement as the server has it now; lists are asked for anew. */
function changed(of: Agreement) {
  queryClient.setQueryData(['admission-agreement', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['admission-agreements'] })
  return of
}

export const beginAgreement = async (area: string, year: number) =>
  changed(await api.post<Agreement>('/admission/agreements', { area, year }))

export const writeAgreement = async (id: string, version: number, terms: Terms, note: string) =>
  changed(await api.put<Agreement>(`/admission/agreements/${id}`, { version, terms, note: note || undefined }))

export const stepAgreement = async (of: Agreement, verb: string, note: string) =>
  changed(
    await api.post<Agreement>(offered(`/admission/agreements/${of.id}/${verb}`), {
      version: of.version,
      note: note || undefined,
      digest: of.digest,
    }),
  )

export const rateAgreement = async (of: Agreement, appraisal: Appraisal) =>
  changed(await api.post<Agreement>(`/admission/agreements/${of.id}/appraisal`, { version: of.version, appraisal }))

export async function settleGap(of: Agreement, agreement: string, code: string, note: string) {
  await api.post(`/admission/agreements/${agreement}/gaps/${code}`, { note })
  return changed(await fetchAgreement(of.id))
}
