import { api } from '@shared/api'
import type {
  Account,
  Alarm,
  AccountState,
  Factors,
  Grant,
  Member,
  NewGrant,
  OfferedSecret,
  OwnTells,
  Page,
  Place,
  Recovery,
  Role,
} from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { queryClient } from '@console/query'

export const findAccounts = (q: string, cursor?: string) => api.get<Page<Account>>('/access/accounts', { q, cursor })

export function useRoles() {
  return useQuery({ queryKey: ['access', 'roles'], queryFn: () => api.get<Page<Role>>('/access/roles'), staleTime: Infinity })
}

export const createAccount = (account: { login: string; name: string; password: string }) => api.post<Account>('/access/accounts', account)
export const changeAccount = (id: string, change: { name: string; state: AccountState; version: number }) =>
  api.put<Account>(`/access/accounts/${id}`, change)
export const resetPassword = (id: string, password: string) => api.post<void>(`/access/accounts/${id}/password`, { password })
export const addGrant = (id: string, grant: NewGrant) => api.post<Grant>(`/access/accounts/${id}/grants`, grant)
export const removeGrant = (id: string, grant: string) => api.delete(`/access/accounts/${id}/grants/${grant}`)

export const accountsChanged = () => queryClient.invalidateQueries({ queryKey: ['access', 'accounts'] })

export const fetchAccount = (id: string) => api.get<Account>(`/access/accounts/${id}`)

export function useAccount(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['access', 'account', id], queryFn: () => api.get<Account>(`/access/accounts/${toValue(id)}`) })
}

export function useSessions(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['access', 'sessions', id], queryFn: () => api.get<Page<Place>>(`/access/accounts/${toValue(id)}/sessions`) })
}

export function useAlarms() {
  return useQuery({ queryKey: ['access', 'alarms'], queryFn: () => api.get<Page<Alarm>>('/access/alarms') })
}

export const noteAlarm = (id: string) => api.post<void>(`/access/alarms/${id}/note`)
export const endSession = (id: string, session: string) => api.delete(`/access/accounts/${id}/sessions/${session}`)
export const unlock = (id: string) => api.post<void>(`/access/accounts/${id}/unlock`)
export const resetFactors = (id: string) => api.delete(`/access/accounts/${id}/factors`)
export const linkMember = (id: string, account: string, version: number) =>
  api.put<Member>(`/registry/members/${id}/account`, { account, version })

export function useOwnSessions() {
  return useQuery({ queryKey: ['access', 'own', 'sessions'], queryFn: () => api.get<Page<Place>>('/session/places') })
}

export function useFactors() {
  return useQuery({ queryKey: ['access', 'own', 'factors'], queryFn: () => api.get<Factors>('/session/factors') })
}

export function useTells() {
  return useQuery({ queryKey: ['access', 'own', 'tell'], queryFn: () => api.get<OwnTells>('/session/tell') })
}

export const askTell = (channel: string, to: string) => api.post<void>(`/session/tell/${channel}`, { to })
export const confirmTell = (channel: string, code: string) => api.post<void>(`/session/tell/${channel}/confirm`, { code })
export const endTell = (channel: string) => api.delete(`/session/tell/${channel}`)
export const endOwnSession = (id: string) => api.delete(`/session/places/${id}`)
export const offerTotp = () => api.post<OfferedSecret>('/session/totp')
export const confirmTotp = async (code: string) => (await api.post<Recovery>('/session/totp/confirm', { code: code.trim() })).codes
export const removeFactor = (id: string, password: string) => api.post<void>(`/session/factors/${id}/remove`, { password })
export const renewRecovery = async (password: string) => (await api.post<Recovery>('/session/recovery', { password })).codes
