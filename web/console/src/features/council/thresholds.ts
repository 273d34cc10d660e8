import { queryClient } from '@console/query'
import { api } from '@shared/api'
import type { Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type Thresholds = Told<'CouncilThresholdsView'>
export type ShareRow = Thresholds['shares'][number]
export type FigureRow = Thresholds['figures'][number]
export type Answer = Told<'CouncilAnswerView'>

export const kinds = ['residents', 'villagers'] as const
export const modes = ['voters', 'households', 'representatives', 'groups', 'members'] as const
export const counts = ['entitled', 'present', 'cast', 'yes'] as const
export const provinces = ['sichuan', 'hainan'] as const
export const certaintyTones: Record<string, string> = { V: 'done', S: 'info', U: 'soon' }

export const useThresholds = (kind: Ref<string>, day: Ref<string>) =>
  useQuery({
    queryKey: ['council-thresholds', kind, day],
    queryFn: () => api.get<Thresholds>('/council/thresholds', { kind: kind.value, day: day.value || undefined }),
  })

/** A question as the calculator asks it; a count that is not known is left out. */
export const decide = (
  asked: { matter: string; kind: string; mode: string; on: string } & Partial<Record<(typeof counts)[number], number>>,
) => api.post<Answer>('/council/decide', asked)

export async function setLocal(value: {
  kind: string
  name: string
  validFrom: string
  value: string
  basis: string
  article: string
  reason: string
}) {
  await api.put('/council/local', value)
  await queryClient.invalidateQueries({ queryKey: ['council-thresholds'] })
}
