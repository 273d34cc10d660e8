import { queryClient } from '@console/query'
import { api, offered } from '@shared/api'
import type { Page, Told } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'

export type MeetingRow = Told<'CouncilMeetingRow'>
export type Meeting = Told<'CouncilMeetingDetail'>
export type Content = Told<'CouncilMeetingContent'>
export type AgendaItem = Content['items'][number]
export type Vote = Meeting['votes'][number]
export type Attended = Meeting['attended'][number]
export type Move = Meeting['allowed'][number]
export type Roster = Told<'CouncilRosterView'>
export type Representative = Roster['items'][number]
export type FullName = Told<'CouncilFullName'>

export const bodies = ['assembly', 'representatives', 'group', 'committee', 'supervisory', 'council', 'party'] as const
export const states: MeetingRow['state'][] = ['draft', 'convened', 'sitting', 'closed', 'signed', 'cancelled']
export const meetingTones: Record<string, string> = { convened: 'info', sitting: 'soon', closed: 'soon', signed: 'done', cancelled: 'late' }

/** Who may be counted in the meetings of a body. */
export const modesOf = (body: string): Content['mode'][] =>
  body === 'assembly' || body === 'group' ? ['voters', 'households'] : body === 'representatives' ? ['representatives'] : ['members']

/** Bodies whose people the register or the roster of representatives knows; of the others they are entered by name. */
export const rostered = (body: string) => ['representatives', 'committee', 'supervisory', 'council'].includes(body)

export const findMeetings = (asked: { body: string; state: string; area?: string }, cursor?: string) =>
  api.get<Page<MeetingRow>>('/council/meetings', {
    area: asked.area,
    body: asked.body || undefined,
    state: asked.state || undefined,
    cursor,
  })

export const fetchMeeting = (id: string) => api.get<Meeting>(`/council/meetings/${id}`)

export const useMeeting = (id: Ref<string>) => useQuery({ queryKey: ['council-meeting', id], queryFn: () => fetchMeeting(id.value) })

/** The meeting as the server has it now; lists are asked for anew. */
function changed(of: Meeting) {
  queryClient.setQueryData(['council-meeting', of.id], of)
  void queryClient.invalidateQueries({ queryKey: ['council-meetings'] })
  return of
}

export const writeMeeting = async (id: string | undefined, area: string, version: number, content: Content) =>
  changed(
    id
      ? await api.put<Meeting>(`/council/meetings/${id}`, { version, content })
      : await api.post<Meeting>('/council/meetings', { area, content }),
  )

export const stepMeeting = async (of: Meeting, verb: string, note: string, version = of.version) =>
  changed(await api.post<Meeting>(offered(`/council/meetings/${of.id}/${verb}`), { version, note: note || undefined }))

export interface Entered {
  member?: string
  name?: string
  household?: string
  holder?: string
}

export const enterPeople = async (of: Meeting, people: Entered[]) =>
  changed(await api.post<Meeting>(`/council/meetings/${of.id}/attendance`, { version: of.version, people }))

export const noteOf = async (of: Meeting, entry: string, verb: 'leave' | 'return') =>
  changed(await api.post<Meeting>(offered(`/council/meetings/${of.id}/attendance/${entry}/${verb}`), { version: of.version }))

export interface Hands {
  yes: number
  no: number
  abstain: number
}

export const countHands = async (of: Meeting, item: string, question: string, hands: Hands) =>
  changed(
    await api.post<Meeting>(`/council/meetings/${of.id}/votes`, { version: of.version, item, question: question || undefined, ...hands }),
  )

export const correctVote = async (of: Meeting, vote: string, hands: Hands, reason: string) =>
  changed(await api.post<Meeting>(`/council/meetings/${of.id}/votes/${vote}/correct`, { version: of.version, reason, ...hands }))

export const writeMinutes = async (of: Meeting, minutes: Meeting['minutes'], noVote: Record<string, string>) =>
  changed(
    await api.put<Meeting>(`/council/meetings/${of.id}/minutes`, {
      version: of.version,
      text: minutes.text,
      chair: minutes.chair || undefined,
      recorder: minutes.recorder || undefined,
      supervisor: minutes.supervisor || undefined,
      noVote,
    }),
  )

/** Full names of a meeting's roster and attendance, for a purpose that is kept. */
export const namesOf = async (id: string, purpose: string) =>
  (await api.post<Page<FullName>>(`/council/meetings/${id}/names`, { purpose })).items

export const useRoster = (area: Ref<string>) =>
  useQuery({
    queryKey: ['council-roster', area],
    queryFn: () => api.get<Roster>('/council/representatives', { area: area.value }),
    enabled: () => area.value.length === 12,
  })

export async function chooseRepresentative(of: {
  area: string
  name: string
  phone: string
  constituency: string
  households: number
  woman: boolean
  termFrom: string
}) {
  await api.post('/council/representatives', { ...of, phone: of.phone || undefined })
  await queryClient.invalidateQueries({ queryKey: ['council-roster'] })
}

export async function endRepresentative(of: Representative, version: number, termTo: string, reason: string) {
  await api.post(`/council/representatives/${of.id}/end`, { version, termTo, reason })
  await queryClient.invalidateQueries({ queryKey: ['council-roster'] })
}
