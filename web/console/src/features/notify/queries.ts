import { queryClient } from '@console/query'
import { api } from '@shared/api'
import type { ChannelStanding, Message, Page } from '@shared/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'

export interface MessageFilter {
  channel?: string
  state?: string
}

export function useMessages(filter: MaybeRefOrGetter<MessageFilter>) {
  return useInfiniteQuery({
    queryKey: ['notify', 'messages', filter],
    queryFn: ({ pageParam }) => api.get<Page<Message>>('/notify/messages', { ...toValue(filter), cursor: pageParam || undefined }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
}

export const useChannels = () =>
  useQuery({ queryKey: ['notify', 'channels'], queryFn: () => api.get<Page<ChannelStanding>>('/notify/channels') })

/** Has a message sent again and shows how things stand then. */
export async function retryMessage(id: string) {
  await api.post(`/notify/messages/${id}/retry`)
  await queryClient.invalidateQueries({ queryKey: ['notify'] })
}
