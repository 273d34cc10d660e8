import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type TaskRow = Told<'TaskListed'>
export type Task = Told<'TaskDetail'>
export type TaskContent = Told<'TaskContent'>
export type TaskMove = Told<'TaskMove'>
export type TaskFile = Told<'TaskFile'>
export type TaskBasis = Told<'TaskBasis'>
export type TaskShare = Told<'TaskShareView'>
export type TaskProgress = Told<'TaskProgress'>
export type Refusal = Told<'TaskRefusalView'>
export type DepartmentFigures = Told<'TaskDepartmentFigures'>

export const states: TaskRow['state'][] = [
  'draft',
  'submitted',
  'returned',
  'sending',
  'sent',
  'completed',
  'withdrawn',
  'ended',
  'discarded',
]
export const ways: TaskContent['way'][] = ['task', 'inspection', 'meeting', 'certificate']
export const answers: TaskContent['answer'][] = ['text', 'files', 'both', 'form']
export const shareStates: TaskShare['state'][] = [
  'waiting',
  'asked',
  'answering',
  'answered',
  'returned',
  'refused',
  'accepted',
  'released',
  'ended',
]

/** How a state is marked. */
export const tones: Record<string, string> = {
  submitted: 'soon',
  returned: 'late',
  sending: 'info',
  sent: 'info',
  completed: 'done',
  withdrawn: 'late',
  ended: 'late',
}
export const shareTones: Record<string, string> = {
  asked: 'info',
  answering: 'info',
  answered: 'soon',
  returned: 'late',
  refused: 'late',
  accepted: 'done',
  released: '',
  ended: '',
}
export const refusalTones: Record<string, string> = { open: 'soon', upheld: 'done', lapsed: 'done', overruled: 'late' }

export const findTasks = (filter: { state: string; way: string; area?: string }, cursor?: string) =>
  api.get<Page<TaskRow>>('/task/tasks', { ...filter, cursor })

export const findRefusals = (filter: { state: string; area?: string }, cursor?: string) =>
  api.get<Page<Refusal>>('/task/refusals', { ...filter, cursor })

export const findShares = (id: string, filter: { state: string; area?: string }, cursor?: string) =>
  api.get<Page<TaskShare>>(`/task/tasks/${id}/shares`, { ...filter, cursor })

/** The published forms of my department, by which a task may be answered. */
export const useForms = (wanted: Ref<boolean>) =>
  useQuery({
    queryKey: ['community-forms', 'published', 'mine'],
    queryFn: () => api.get<Page<{ id: string; title: string }>>('/exchange/forms', { state: 'published', mine: true, limit: 100 }),
    enabled: wanted,
  })

/** A task, asked for again while the platform works on it. */
export const useTask = (id: Ref<string>) =>
  useQuery({
    queryKey: ['task', id],
    queryFn: () => api.get<Task>(`/task/tasks/${id.value}`),
    refetchInterval: (q) => (q.state.data?.pending ? 2000 : false),
  })

export const useProgress = (id: Ref<string>, area: Ref<string>, pending: Ref<boolean>) =>
  useQuery({
    queryKey: ['task', id, 'progress', area],
    queryFn: () => api.get<TaskProgress>(`/task/tasks/${id.value}/progress`, { area: area.value || undefined }),
    refetchInterval: () => (pending.value ? 2000 : false),
  })

export const useFigures = (area: Ref<string>, from: Ref<string>, to: Ref<string>) =>
  useQuery({
    queryKey: ['task', 'figures', area, from, to],
    queryFn: () => api.get<Page<DepartmentFigures>>('/task/figures', { area: area.value, from: from.value, to: to.value }),
    enabled: () => area.value !== '',
  })

/** The task as the server has it now; lists of tasks are asked for anew. */
export function taskChanged(of: Task) {
  queryClient.setQueryData(['task', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['tasks'] })
  void queryClient.invalidateQueries({ queryKey: ['task', of.id, 'progress'] })
  return of
}

export const refusalsChanged = () => void queryClient.invalidateQueries({ queryKey: ['refusals'] })

export const saveTask = async (content: TaskContent, of?: { id: string; version: number }) =>
  taskChanged(
    of ? await api.put<Task>(`/task/tasks/${of.id}`, { ...content, version: of.version }) : await api.post<Task>('/task/tasks', content),
  )

export const takeStep = async (of: Task, move: TaskMove, note: string) =>
  taskChanged(await api.post<Task>(offered(`/task/tasks/${of.id}/${move.verb}`), { version: of.version, note: note || undefined }))

export const decide = (of: Refusal, verb: 'uphold' | 'overrule', note: string) =>
  api.post(offered(`/task/shares/${of.case}/${verb}`), { note: note || undefined })

export async function attach(id: string, file: File) {
  await api.upload<TaskFile>(`/task/tasks/${id}/files`, file)
  return taskChanged(await api.get<Task>(`/task/tasks/${id}`))
}

export async function detach(id: string, file: string) {
  await api.delete(`/task/tasks/${id}/files/${file}`)
  return taskChanged(await api.get<Task>(`/task/tasks/${id}`))
}

export const fileAddress = (task: string, file: TaskFile) => `/api/v1/task/tasks/${task}/files/${file.id}`

export const tableAddress = (task: string, format: 'xlsx' | 'csv', area: string) =>
  `/api/v1/task/tasks/${task}/table?format=${format}${area ? `&area=${area}` : ''}`

/** What departments asked, by month. */
export const useMonths = (area: Ref<string>, from: Ref<string>, to: Ref<string>) =>
  useQuery({
    queryKey: ['task-months', area, from, to],
    queryFn: () => api.get<Page<Told<'TaskMonthFigures'>>>('/task/figures/months', { area: area.value, from: from.value, to: to.value }),
    enabled: () => area.value !== '' && from.value !== '' && from.value <= to.value,
  })
export const figuresTable = (area: string, from: string, to: string, format: string) =>
  `/api/v1/task/figures/table?area=${area}&from=${from}&to=${to}&format=${format}`
