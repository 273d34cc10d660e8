import { queryClient } from '@console/query'
import { api } from '@shared/api'
import type { ChannelStanding, Message, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'

export interface MessageFilter {
  channel?: string
  state?: string
}

export const findMessages = (filter: MessageFilter, cursor?: string) => api.get<Page<Message>>('/notify/messages', { ...filter, cursor })

export const useChannels = () =>
  useQuery({ queryKey: ['notify', 'channels'], queryFn: () => api.get<Page<ChannelStanding>>('/notify/channels') })

/** Has a message sent again and shows how things stand then. */
export async function retryMessage(id: string) {
  await api.post(`/notify/messages/${id}/retry`)
  await queryClient.invalidateQueries({ queryKey: ['notify'] })
}
