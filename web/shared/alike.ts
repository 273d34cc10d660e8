/** What is reported already: asked before a report is sent, and when one is merged into another. */
import { api } from './api'
import type { Known, Page, Telling } from './contract'

export async function findAlike(telling: Telling): Promise<Known[]> {
  const { items } = await api.post<Page<Known>>('/grid/incidents/alike', telling)
  return items
}
