import { address, api } from '@shared/api'
import type { AreaDecision, AreaImport, AreaQuestion, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export function useImports() {
  return useQuery({ queryKey: ['registry', 'imports'], queryFn: () => api.get<Page<AreaImport>>('/registry/imports') })
}

export function useImport(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['registry', 'import', id],
    queryFn: () => api.get<AreaImport>(`/registry/imports/${toValue(id)}`),
    enabled: () => toValue(id) !== '',
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1000 : false),
  })
}

export const fetchImport = (id: string) => api.get<AreaImport>(`/registry/imports/${id}`)

export function uploadList(files: File[], effective: string, supplement: boolean) {
  const form = new FormData()
  for (const file of files) form.append('file', file)
  return api.send<AreaImport>('/registry/imports', form, { effective, supplement: supplement || undefined })
}

export const decide = (id: string, decisions: AreaDecision[], version: number) =>
  api.put<AreaImport>(`/registry/imports/${id}/decisions`, { decisions, version })
export const uploadDecisions = (id: string, file: File) => api.upload<AreaImport>(`/registry/imports/${id}/decisions`, file)
export const decisionsAddress = (id: string) => address(`/registry/imports/${id}/decisions`)
export const startImport = (id: string) => api.post<AreaImport>(`/registry/imports/${id}/start`, {})
export const dropImport = (id: string) => api.delete(`/registry/imports/${id}`)
export const importsChanged = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['registry', 'imports'] }),
    queryClient.invalidateQueries({ queryKey: ['registry', 'import'] }),
  ])

/** What a person can say of an old place; "same" is a rename, a new code or a move, by the codes. */
export const answers = ['same', 'merge', 'split', 'close', 'keep'] as const
export type Answer = (typeof answers)[number]

/** The answer that a question suggests. */
export function suggested(q: AreaQuestion): Answer {
  if (q.action === 'merge' || q.action === 'split' || q.action === 'close') return q.action
  return 'same'
}

const parentOf = (code: string) => code.slice(0, { 4: 2, 6: 4, 9: 6, 12: 9, 15: 12 }[code.length] ?? 0)

/** An answer as decisions. A place that was merged into a new one of its own code opens that one too. */
export function decisionsFor(from: string, answer: Answer, to: string[], note: string): AreaDecision[] {
  const said = { from, ...(note ? { note } : {}) }
  if (answer === 'close' || answer === 'keep') return [{ ...said, action: answer, to: [] }]
  if (answer === 'split') return [{ ...said, action: 'split', to }]
  const one = to.slice(0, 1)
  if (answer === 'merge') {
    const merged: AreaDecision[] = [{ ...said, action: 'merge', to: one }]
    return one[0] === from ? [...merged, { action: 'open', to: one }] : merged
  }
  const action = one[0] === from ? 'rename' : parentOf(one[0] ?? '') === parentOf(from) ? 'recode' : 'move'
  return [{ ...said, action, to: one }]
}
