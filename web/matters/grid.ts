import { api } from '@shared/api'
import type { Category, Known, Page, Telling } from '@shared/contract'
import type { Matter } from '@shared/matter'

/** An incident that was reported. It is called by the reporter's own words. */
export const incident: Matter = {
  kind: 'incident',
  flow: 'grid.incident',
  path: '/grid/incidents',
  title: (c) => c.title,
  report: {
    permission: 'grid.incident.report',
    categories: async () => (await api.get<Page<Category>>('/grid/categories')).items,
    known: findAlike,
  },
}

/** What is reported already: asked before a report is sent, and when one is merged into another. */
export async function findAlike(telling: Telling): Promise<Known[]> {
  const { items } = await api.post<Page<Known>>('/grid/incidents/alike', telling)
  return items
}
