import { address, api, type PostPath } from '@shared/api'
import type {
  DataRequest,
  HeldFile,
  Look,
  NewResident,
  Page,
  Person,
  PersonCopy,
  PersonWhole,
  ResidentChange,
  RosterImport,
} from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export interface PersonFilter {
  area?: string
  tag?: string
  words?: string
  purpose?: string
}

/** The roster, or what a whole number finds; a number never stands in an address. */
export function findPersons({ area, tag, words, purpose }: PersonFilter, cursor?: string) {
  if (words) return api.post<Page<Person>>('/people/search', { q: words, purpose })
  return api.get<Page<Person>>('/people/persons', { area, tag, cursor })
}

export function usePerson(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['people', 'person', id], queryFn: () => api.get<PersonWhole>(`/people/persons/${toValue(id)}`) })
}

export function useLooks(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['people', 'looks', id], queryFn: () => api.get<Page<Look>>(`/people/persons/${toValue(id)}/looks`) })
}

export const findRequests = (state: string, cursor?: string) => api.get<Page<DataRequest>>('/people/requests', { state, cursor })

export const fetchPerson = (id: string) => api.get<PersonWhole>(`/people/persons/${id}`)
export const addResident = (resident: NewResident) => api.post<PersonWhole>('/people/persons', resident)
export const correctResident = (id: string, change: ResidentChange) => api.put<PersonWhole>(`/people/persons/${id}`, change)
export const moveResident = (id: string, move: { area: string; address?: string; version: number }) =>
  api.post<void>(`/people/persons/${id}/move`, move)
export const unmask = (path: PostPath, field: string, purpose: string, note: string) =>
  api.post<{ value: string }>(path, field === 'answer' ? { purpose } : { field, purpose, note: note || undefined })
export const takeRequest = (personId: string, kind: DataRequest['kind'], note: string) =>
  api.post<DataRequest>('/people/requests', { personId, kind, note: note || undefined })
export const answerRequest = (id: string, done: boolean, answer: string, version: number) =>
  api.post<DataRequest>(`/people/requests/${id}/answer`, { done, answer: answer || undefined, version })
export const copyOf = (id: string) => api.post<PersonCopy>(`/people/requests/${id}/copy`, {})
/** A file of the copy, read by POST as it is recorded who read it. */
export const fileOf = (id: string, file: HeldFile) => api.file(`/people/requests/${id}/files/${file.id}`)
export const exportAddress = (area: string) => address('/people/export', { area })

export const previewRoster = (area: string, file: File) => api.upload<RosterImport>('/people/roster', file, {}, { area })
export const startRoster = (id: string) => api.post<RosterImport>(`/people/roster/${id}/start`, {})

export function useRoster(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['people', 'roster', id],
    queryFn: () => api.get<RosterImport>(`/people/roster/${toValue(id)}`),
    enabled: () => toValue(id) !== '',
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1000 : false),
  })
}

export const peopleChanged = () => queryClient.invalidateQueries({ queryKey: ['people'] })

export const tags = [
  'old',
  'disabled',
  'low_income',
  'extreme_poverty',
  'lives_alone',
  'left_behind',
  'bereaved',
  'veteran',
  'serious_illness',
] as const
export const purposes = ['contact', 'verify', 'service', 'visit', 'emergency', 'rights'] as const
export const requestKinds = ['copy', 'correct', 'delete', 'restrict', 'release'] as const
