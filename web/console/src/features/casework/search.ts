import type { SessionStore } from '@console/session'
import type { Found } from '@console/shell/feature'
import { titleOf } from '@shared/move'
import { findCases } from './queries'

const most = 6

/** Cases whose words or number hold what is searched for, and the way to all of them. */
export async function find(q: string, session: SessionStore): Promise<Found[]> {
  if (!session.can('casework.case')) return []
  const page = await findCases({ view: 'all', q, limit: most })
  const found: Found[] = page.items.map((c) => ({
    kind: 'case',
    id: c.id,
    name: titleOf(c),
    where: c.number,
    to: { name: 'case', params: { id: c.id } },
  }))
  if (page.next) found.push({ kind: 'more', id: q, name: '', where: q, to: { name: 'inbox', query: { view: 'all', q } }, plain: true })
  return found
}
