import { queryClient } from '@console/query'
import { address, api } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'

export type BurdenBoard = Told<'BurdenBoard'>
export type Figures = BurdenBoard['total']
export type BurdenEvent = Told<'BurdenEventView'>
export type Thing = Told<'BurdenThingView'>
export type ThingContent = Pick<Thing, 'kind' | 'name'> & { askedBy: string; basis: string; since: string }
export type Comparison = Told<'BurdenComparison'>

export const ways: BurdenEvent['way'][] = ['task', 'form', 'inspection', 'meeting', 'certificate', 'part', 'redirect']
export const kinds: Thing['kind'][] = ['sign', 'ledger', 'account', 'body']

export interface Period {
  area: string
  from: string
  to: string
}

export const useBoard = (period: MaybeRefOrGetter<Period>) =>
  useQuery({
    queryKey: ['burden', 'board', period],
    queryFn: () => api.get<BurdenBoard>('/burden/board', { ...toValue(period) }),
    enabled: () => !!toValue(period).area,
  })

export const boardTable = (period: Period) => address('/burden/board/table', { ...period })

export const compare = (area: string, day: string, days: number) => api.get<Comparison>('/burden/comparison', { area, day, days })

export interface EventFilter {
  area?: string
  from: string
  to: string
  way: string
  body: string
}

export const findEvents = (filter: EventFilter, cursor?: string) =>
  api.get<Page<BurdenEvent>>('/burden/events', {
    area: filter.area,
    from: filter.from || undefined,
    to: filter.to || undefined,
    way: filter.way || undefined,
    body: filter.body || undefined,
    cursor,
  })

export const usePass = (area: MaybeRefOrGetter<string>, pass: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['burden', 'pass', area, pass],
    queryFn: () => api.get<Told<'BurdenPassFigures'>>('/burden/pass', { area: toValue(area), pass: toValue(pass) }),
    enabled: () => !!toValue(pass) && !!toValue(area),
  })

export interface ThingFilter {
  kind: string
  due: boolean
  removed: boolean
  area?: string
}

export const findThings = ({ area, kind, due, removed }: ThingFilter, cursor?: string) =>
  api.get<Page<Thing>>('/burden/inventory', {
    area,
    kind: kind || undefined,
    due: due || undefined,
    removed: removed || undefined,
    cursor,
  })

export const useStandings = (area: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['burden', 'inventory', 'standings', area],
    queryFn: () => api.get<Told<'BurdenStandings'>>('/burden/standings', { area: toValue(area) }),
    enabled: () => !!toValue(area),
  })

const changed = async <T>(answer: Promise<T>) => {
  const thing = await answer
  void queryClient.invalidateQueries({ queryKey: ['burden', 'inventory'] })
  return thing
}

export const addThing = (area: string, content: ThingContent) => changed(api.post<Thing>('/burden/inventory', { area, ...said(content) }))
export const changeThing = (id: string, version: number, content: ThingContent) =>
  changed(api.put<Thing>(`/burden/inventory/${id}`, { ...said(content), version }))
export const removeThing = (id: string, version: number, on: string, note: string) =>
  changed(api.post<Thing>(`/burden/inventory/${id}/remove`, { on, note, version }))
export const restoreThing = ({ id, version }: Thing) => changed(api.post<Thing>(`/burden/inventory/${id}/restore`, { version }))

const said = (c: ThingContent) => ({
  kind: c.kind,
  name: c.name,
  askedBy: c.askedBy || undefined,
  basis: c.basis || undefined,
  since: c.since || undefined,
})
