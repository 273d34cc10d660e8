import { queryClient } from '@console/query'
import { address, api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type Scheme = Told<'AssessmentDetail'>
export type SchemeRow = Told<'AssessmentScheme'>
export type SchemeContent = Told<'AssessmentContent'>
export type Finding = Scheme['findings'][number]
export type Move = Scheme['allowed'][number]
export type Survey = Told<'AssessmentSurveyDetail'>
export type SurveyRow = Told<'AssessmentSurvey'>
export type Plan = Told<'AssessmentPlan'>
export type Invitation = Told<'AssessmentInvitation'>
export type Poster = Told<'AssessmentPoster'>
export type Kind = 'schemes' | 'surveys'

/** A name in the reader's language; in Chinese where there is no English one. */
export const inWords = (pair: { zh: string; en: string }, locale: string) => (locale === 'en' && pair.en) || pair.zh

/** How a state is marked. */
export const tones: Record<string, string> = { proposed: 'soon', open: 'soon', appeal: 'soon', published: 'done', frozen: 'done' }
export const subjects: SchemeContent['subjects'][] = ['communities', 'streets', 'departments']

export const listSchemes = () => api.get<Page<SchemeRow>>('/assessment/schemes')
export const listSurveys = () => api.get<Page<SurveyRow>>('/assessment/surveys')
/** Households of an area's communities by stratum, from the rosters. */
export const frameOf = (area: string) => api.get<Page<Plan['frame'][number]>>('/assessment/frame', { area })
export const choices = () => api.get<Told<'AssessmentChoices'>>('/assessment/choices')

/** The text that names what an indicator comes from. */
export const codeKey = (subjects: string, source: string, code: string) =>
  source === 'survey'
    ? `assessment.question.${code}`
    : subjects === 'departments'
      ? `assessment.department.${code}`
      : `casework.indicator.${code}`
export const check = async (content: SchemeContent) =>
  (await api.post<Told<'AssessmentChecked'>>('/assessment/check', { content })).findings

export const useScheme = (id: Ref<string>) =>
  useQuery({ queryKey: ['schemes', id], queryFn: () => api.get<Scheme>(`/assessment/schemes/${id.value}`) })
export const useSurvey = (id: Ref<string>) =>
  useQuery({ queryKey: ['surveys', id], queryFn: () => api.get<Survey>(`/assessment/surveys/${id.value}`) })

/** One as the server has it now; lists are asked for anew. */
function changed<R extends { id: string }>(kind: Kind, of: R) {
  queryClient.setQueryData([kind, of.id], of)
  void queryClient.invalidateQueries({ queryKey: [kind] })
  return of
}

/** Writes a scheme or survey: a new one, or the draft of that id over the version that was read. */
export const save = async <R extends { id: string }>(kind: Kind, content: SchemeContent | Plan, of?: { id: string; version: number }) =>
  changed(
    kind,
    of
      ? await api.put<R>(`/assessment/${kind}/${of.id}`, { content, version: of.version })
      : await api.post<R>(`/assessment/${kind}`, { content }),
  )

/** A scheme or survey as the server has it now. */
export const fetchOne = (kind: Kind, id: string) => api.get<Scheme | Survey>(`/assessment/${kind}/${id}`)
/** Both are asked for anew, where a step was refused. */
export const readAnew = (kind: Kind) => queryClient.invalidateQueries({ queryKey: [kind] })

export const takeStep = async (kind: Kind, of: Scheme | Survey, move: Move, note: string, version = of.version) =>
  changed(kind, await api.post<{ id: string }>(offered(`/assessment/${kind}/${of.id}/${move.verb}`), { version, note: note || undefined }))

/** Appeals for an area, or for a department by its body. */
export const appeal = async (id: string, of: { area: string; department?: string }, body: string) =>
  changed(
    'schemes',
    of.department
      ? await api.post<Scheme>(`/assessment/schemes/${id}/departments/${of.department}/appeals`, { body })
      : await api.post<Scheme>(`/assessment/schemes/${id}/appeals`, { area: of.area, body }),
  )
export const decide = async (id: string, one: string, outcome: string, answer: string) =>
  changed('schemes', await api.post<Scheme>(`/assessment/schemes/${id}/appeals/${one}/decide`, { outcome, answer }))

export const listSlips = (id: string, community: string, squares = false) =>
  api.get<Page<Invitation>>(`/assessment/surveys/${id}/slips`, { community, squares: squares || undefined })
export const fetchPoster = (id: string) => api.get<Poster>(`/assessment/surveys/${id}/poster`)

const slipAt = (id: string, s: Invitation) => `/assessment/surveys/${id}/slips/${s.community}/${s.stratum}/${s.number}`
export const collect = (id: string, s: Invitation, channel: string, levels: Record<string, number>) =>
  api.post(offered(`${slipAt(id, s)}/answer`), { channel, levels })
export const miss = (id: string, s: Invitation, channel: string, state: string) =>
  api.post(offered(`${slipAt(id, s)}/miss`), { channel, state })

export const tableOf = (kind: Kind, id: string, format: 'csv' | 'xlsx') => address(`/assessment/${kind}/${id}/table`, { format })

/** Hundredths of a percent or point with one decimal. */
export const hundredths = (n: number) => (n / 100).toFixed(1)
