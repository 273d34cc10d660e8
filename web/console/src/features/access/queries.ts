import { api } from '@shared/api'
import type { Account, AccountState, Grant, NewGrant, Page, Role } from '@shared/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export function useAccounts(q: MaybeRefOrGetter<string>) {
  return useInfiniteQuery({
    queryKey: ['access', 'accounts', q],
    queryFn: ({ pageParam }) => api.get<Page<Account>>('/access/accounts', { q: toValue(q), cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  })
}

export function useRoles() {
  return useQuery({ queryKey: ['access', 'roles'], queryFn: () => api.get<Page<Role>>('/access/roles'), staleTime: Infinity })
}

export const createAccount = (account: { login: string; name: string; password: string }) => api.post<Account>('/access/accounts', account)
export const changeAccount = (id: string, change: { name: string; state: AccountState; version: number }) => api.put<Account>(`/access/accounts/${id}`, change)
export const resetPassword = (id: string, password: string) => api.post<void>(`/access/accounts/${id}/password`, { password })
export const addGrant = (id: string, grant: NewGrant) => api.post<Grant>(`/access/accounts/${id}/grants`, grant)
export const removeGrant = (id: string, grant: string) => api.delete(`/access/accounts/${id}/grants/${grant}`)

export const accountsChanged = () => queryClient.invalidateQueries({ queryKey: ['access', 'accounts'] })
