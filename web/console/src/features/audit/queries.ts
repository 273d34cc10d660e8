import { address, api } from '@shared/api'
import type { AuditEntry, AuditState, AuditVerification, Page } from '@shared/contract'
import { useQuery } from '@tanstack/vue-query'
import { queryClient } from '@console/query'

export interface AuditFilter {
  area?: string
  action?: string
  actor?: string
  subject?: string
  from?: string
  to?: string
}

export const findEntries = (filter: AuditFilter, cursor?: string) => api.get<Page<AuditEntry>>('/audit/entries', { ...filter, cursor })

export function useAuditState() {
  return useQuery({ queryKey: ['audit', 'state'], queryFn: () => api.get<AuditState>('/audit/state') })
}

export const exportAddress = (filter: AuditFilter) => address('/audit/export', { ...filter })
export const headAddress = () => address('/audit/head')
export const verifyLog = (head: string) => api.post<AuditVerification>('/audit/verify', head ? { head } : {})
export const auditChanged = () => queryClient.invalidateQueries({ queryKey: ['audit'] })
