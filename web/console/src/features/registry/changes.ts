import { api } from '@shared/api'
import type { AreaChange, AreaFacilities, ChangeEffect, Coverage, NewAreaChange, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export const previewChange = (change: NewAreaChange) => api.post<ChangeEffect>('/registry/changes/preview', change)
export const makeChange = (change: NewAreaChange) => api.post<ChangeEffect>('/registry/changes', change)

/** After a change of the structure nothing that names an area is as it was. */
export const structureChanged = () => queryClient.invalidateQueries()

export function useHistory(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'history', code],
    queryFn: () => api.get<Page<AreaChange>>(`/registry/areas/${toValue(code)}/history`),
    enabled: () => toValue(code) !== '',
  })
}

export const fetchFacilities = (code: string) => api.get<AreaFacilities>(`/registry/areas/${code}/facilities`)

export function useFacilities(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'facilities', code],
    queryFn: () => api.get<AreaFacilities>(`/registry/areas/${toValue(code)}/facilities`),
    enabled: () => toValue(code) !== '',
  })
}

export const keepFacilities = (code: string, facilities: AreaFacilities) =>
  api.put<AreaFacilities>(`/registry/areas/${code}/facilities`, facilities)

export function useCoverage(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'coverage', code],
    queryFn: () => api.get<Coverage>(`/registry/areas/${toValue(code)}/coverage`),
    enabled: () => toValue(code) !== '',
  })
}

export function facilitiesChanged(code: string) {
  return Promise.all([
    queryClient.invalidateQueries({ queryKey: ['registry', 'facilities', code] }),
    queryClient.invalidateQueries({ queryKey: ['registry', 'coverage'] }),
  ])
}

export type ChangeKind = NewAreaChange['kind']

/** What can be done with an area of a level (2 city … 6 grid); a city itself is only renamed and added to. */
export function kindsFor(level: number): ChangeKind[] {
  if (level <= 2) return ['rename', 'open']
  const all: ChangeKind[] = ['rename', 'recode', 'move', 'merge', 'close']
  if (level === 5) all.splice(4, 0, 'split')
  if (level < 6) all.push('open')
  return all
}

/** Which fields a kind of change asks for. */
export function fieldsFor(kind: ChangeKind) {
  return {
    name: kind === 'rename' || kind === 'open' || kind === 'recode' || kind === 'move',
    needsName: kind === 'rename' || kind === 'open',
    code: kind === 'recode' || kind === 'move' || kind === 'open',
    needsCode: kind === 'recode',
    parent: kind === 'move',
    into: kind === 'merge',
    parts: kind === 'split',
  }
}
