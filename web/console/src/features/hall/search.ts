import type { Found } from '@console/shell/feature'
import { findItems } from './queries'

const most = 5

/** Items of service whose name or summary holds what is searched for. */
export async function find(q: string): Promise<Found[]> {
  const { items } = await findItems(q)
  return items
    .slice(0, most)
    .map((i) => ({ kind: 'item', id: i.code, name: i.name, where: i.code, to: { name: 'item', params: { code: i.code } } }))
}
