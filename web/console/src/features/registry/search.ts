import type { Found } from '@console/shell/feature'
import { searchAreas } from './queries'

const most = 8

/** Areas by name, pinyin, initials or code. */
export async function find(q: string): Promise<Found[]> {
  const page = await searchAreas(q, undefined, most)
  return page.items.map((a) => ({
    kind: 'area',
    id: a.code,
    name: a.name,
    where: a.path
      .map((p) => p.name)
      .slice(0, -1)
      .join(' › '),
    to: { name: 'registry', params: { code: a.code } },
  }))
}
