import { api } from '@shared/api'
import type { OutlineFinding, OutlinesRead, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'
import type { System } from './parts'

export function useFindings(code: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'outline', 'findings', code],
    queryFn: () => api.get<Page<OutlineFinding>>(`/registry/areas/${toValue(code)}/outline/findings`),
  })
}

/** Judges a file of outlines; without dryRun it is saved as well, or refused. */
export function sendOutlines(file: File, crs: System, source: string, dryRun: boolean) {
  const form = new FormData()
  form.append('file', file)
  return api.send<OutlinesRead>('/registry/outlines', form, { crs, source, dryRun: dryRun || undefined })
}

export const outlinesChanged = () =>
  Promise.all(['outline', 'outlines'].map((what) => queryClient.invalidateQueries({ queryKey: ['registry', what] })))
