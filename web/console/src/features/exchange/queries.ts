import { queryClient } from '@console/query'
import { trimmedFields } from '@console/kit/formDesign'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type ElementRow = Told<'ExchangeElementLine'>
export type ElementWhole = Told<'ExchangeElementView'>
export type Element = Told<'ExchangeElement'>
export type FormRow = Told<'ExchangeFormSummary'>
export type CommunityForm = Told<'ExchangeFormDetail'>
export type FormContent = Told<'ExchangeContent'>
export type FormField = FormContent['fields'][number]
export type FormMove = CommunityForm['allowed'][number]
export type Report = Told<'ExchangeReportView'>
export type Finding = Report['fields'][number]

export const groups: Element['group'][] = ['area', 'body', 'member', 'facility', 'people', 'grid', 'case', 'other']
export const states: FormRow['state'][] = ['draft', 'checked', 'published', 'withdrawn', 'discarded']
export const tones: Record<string, string> = { checked: 'soon', published: 'done', withdrawn: 'late' }

export const findElements = (words: string, group: string) =>
  api.get<Page<ElementRow>>('/exchange/elements', { words: words || undefined, group: group || undefined })
/** The register, as it is narrowed, as a table. */
export const elementsTable = (filter: { words: string; group: string }, format: string) =>
  `/api/v1/exchange/elements/table?${new URLSearchParams({
    ...(filter.words ? { words: filter.words } : {}),
    ...(filter.group ? { group: filter.group } : {}),
    format,
  })}`
export const fetchElement = (code: string) => api.get<ElementWhole>(`/exchange/elements/${code}`)
export const useElement = (code: Ref<string>) => useQuery({ queryKey: ['element', code], queryFn: () => fetchElement(code.value) })
export const useElements = () => useQuery({ queryKey: ['elements', 'all'], queryFn: () => findElements('', '') })

/** The admissions of a department on which its forms may rest, as far as one page goes; another number may be typed. */
export const useAdmissions = (unit: string) =>
  useQuery({
    queryKey: ['admissions', 'live', unit],
    queryFn: async () =>
      (
        await api.get<Page<Told<'AdmissionAdmissionSummary'>>>('/admission/applications', {
          state: 'active',
          unit: unit || undefined,
          limit: 100,
        })
      ).items,
  })

export async function saveElement(element: Element, version?: number) {
  const kept = version
    ? await api.put<ElementWhole>(`/exchange/elements/${element.code}`, { ...element, version })
    : await api.post<ElementWhole>('/exchange/elements', { ...element, version: 1 })
  queryClient.setQueryData(['element', kept.code], kept)
  void queryClient.invalidateQueries({ queryKey: ['elements'] })
  return kept
}

export const findForms = (filter: { state: string; area?: string }, cursor?: string) =>
  api.get<Page<FormRow>>('/exchange/forms', { state: filter.state || undefined, area: filter.area, cursor })
export const fetchForm = (id: string) => api.get<CommunityForm>(`/exchange/forms/${id}`)
export const useForm = (id: Ref<string>) => useQuery({ queryKey: ['community-form', id], queryFn: () => fetchForm(id.value) })

function changed(form: CommunityForm) {
  queryClient.setQueryData(['community-form', form.id], form)
  void queryClient.invalidateQueries({ queryKey: ['community-forms'] })
  return form
}

const sent = (content: FormContent) => ({ ...content, fields: trimmedFields(content.fields) })

export const saveForm = async (content: FormContent, of?: { id: string; version: number }) =>
  changed(
    of
      ? await api.put<CommunityForm>(`/exchange/forms/${of.id}`, { ...sent(content), version: of.version })
      : await api.post<CommunityForm>('/exchange/forms', sent(content)),
  )
export const checkForm = (content: FormContent, form?: string) => api.post<Report>('/exchange/check', { ...sent(content), form })
export const takeStep = async (of: CommunityForm, move: FormMove, note: string, version = of.version) =>
  changed(await api.post<CommunityForm>(offered(`/exchange/forms/${of.id}/${move.verb}`), { version, note: note || undefined }))
