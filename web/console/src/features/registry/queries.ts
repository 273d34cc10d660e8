import { api } from '@shared/api'
import type {
  Area,
  Body,
  ChangedBody,
  ChangedMember,
  Gaps,
  Member,
  MemberInput,
  NewBody,
  Outline,
  Page,
  RegisterFigures,
} from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

const slow = 5 * 60_000

export const fetchArea = (code: string) =>
  queryClient.fetchQuery({ queryKey: ['registry', 'area', code], queryFn: () => api.get<Area>(`/registry/areas/${code}`), staleTime: slow })

export const fetchChildren = (code: string) =>
  queryClient.fetchQuery({
    queryKey: ['registry', 'children', code],
    queryFn: () => api.get<Page<Area>>('/registry/areas', { parent: code }),
    staleTime: slow,
  })

export const searchAreas = (q: string, level?: number, limit = 20) => api.get<Page<Area>>('/registry/search', { q, level, limit })

/** An area as a search hit, for showing a code that is already chosen. */
export async function areaName(code: string): Promise<Area> {
  return fetchArea(code).catch(() => ({ code, name: code, level: 0, kind: '', parent: '', path: [], children: 0, communities: 0 }))
}

export function useArea(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'area', code],
    queryFn: () => api.get<Area>(`/registry/areas/${toValue(code)}`),
    enabled: () => toValue(code) !== '',
    staleTime: slow,
  })
}

export function useChildren(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'children', code],
    queryFn: () => api.get<Page<Area>>('/registry/areas', { parent: toValue(code) }),
    enabled: () => toValue(code) !== '',
    staleTime: slow,
  })
}

/** Figures of the register, of today or as it was on a day. */
export function useFigures(code: MaybeRefOrGetter<string>, on: MaybeRefOrGetter<string> = '') {
  return useQuery({
    queryKey: ['registry', 'figures', code, on],
    queryFn: () => api.get<RegisterFigures>('/registry/figures', { area: toValue(code), on: toValue(on) }),
    enabled: () => toValue(code) !== '',
    staleTime: slow,
  })
}

export function useOutline(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'outline', code],
    queryFn: () => api.get<Outline>(`/registry/areas/${toValue(code)}/outline`),
    enabled: () => toValue(code) !== '',
    staleTime: slow,
  })
}

export function useOutlines(code: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['registry', 'outlines', code],
    queryFn: () => api.get<{ crs: string; items: Outline[] }>(`/registry/areas/${toValue(code)}/outlines`),
    enabled: () => toValue(code) !== '' && toValue(enabled),
    staleTime: slow,
  })
}

export function useBodies(code: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['registry', 'bodies', code],
    queryFn: () => api.get<Page<Body>>(`/registry/areas/${toValue(code)}/bodies`),
    enabled: () => toValue(code) !== '' && toValue(enabled),
  })
}

/** The bodies that may become responsible for something in the area. */
export function useUnits(code: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['registry', 'units', code],
    queryFn: () => api.get<Page<Body>>('/registry/bodies', { area: toValue(code) }),
    enabled: () => toValue(code) !== '' && toValue(enabled),
  })
}

/** What a community lacks: missing bodies, terms that have ended, a committee too small or too large. */
export function useGaps(code: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['registry', 'gaps', code],
    queryFn: () => api.get<Gaps>(`/registry/areas/${toValue(code)}/gaps`),
    enabled: () => toValue(code) !== '' && toValue(enabled),
  })
}

export const fetchBodies = (area: string) => api.get<Page<Body>>(`/registry/areas/${area}/bodies`)
export const addBody = (area: string, body: NewBody) => api.post<Body>(`/registry/areas/${area}/bodies`, body)
export const changeBody = (id: string, body: ChangedBody) => api.put<Body>(`/registry/bodies/${id}`, body)
export const addMember = (body: string, member: MemberInput) => api.post<Member>(`/registry/bodies/${body}/members`, member)
export const changeMember = (id: string, member: ChangedMember) => api.put<Member>(`/registry/members/${id}`, member)
export const removeMember = (member: Member) => api.delete(`/registry/members/${member.id}`, { version: member.version })

export function bodiesChanged(area: string) {
  return Promise.all([
    queryClient.invalidateQueries({ queryKey: ['registry', 'bodies', area] }),
    queryClient.invalidateQueries({ queryKey: ['registry', 'gaps', area] }),
    queryClient.invalidateQueries({ queryKey: ['registry', 'figures'] }),
  ])
}
