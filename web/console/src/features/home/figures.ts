/** What the home page computes from a board: rates, colours and the ten worst. Nothing is guessed. */
import type { Board, CaseKind, PeriodFigures } from '@shared/contract'
import { rate } from '@shared/rate'

export type Child = Board['children'][number]
export const measures = ['overdueShare', 'onTime', 'good', 'open'] as const
export type Measure = (typeof measures)[number]

/** The chosen figure of one child: a share, or for `open` a count; null when unknown. */
export function measure(child: Child, by: Measure): number | null {
  if (by === 'overdueShare') return rate(child.overdue, child.open)
  if (by === 'onTime') return rate(child.onTime, child.closed)
  if (by === 'good') return rate(child.good, child.rated)
  return child.open
}

/** Whether more of the figure is worse. */
export const worseWhenHigher = (by: Measure) => by === 'overdueShare' || by === 'open'

/** The worst first: by share overdue, then by how little was on time; those with nothing to show are left out. */
export function worst(children: Child[], most = 10): Child[] {
  const late = (c: Child) => rate(c.overdue, c.open) ?? 0
  const untimely = (c: Child) => 1 - (rate(c.onTime, c.closed) ?? 1)
  return children
    .filter((c) => c.overdue > 0 || untimely(c) > 0)
    .sort((a, b) => late(b) - late(a) || untimely(b) - untimely(a) || b.overdue - a.overdue)
    .slice(0, most)
}

/** Five classes from good (0) to bad (4) by the spread of what is known; null stays null. */
export function classes(children: Child[], by: Measure): Map<string, number | null> {
  const known = children.map((c) => measure(c, by)).filter((v): v is number => v !== null)
  const low = Math.min(...known)
  const high = Math.max(...known)
  return new Map(
    children.map((c) => {
      const value = measure(c, by)
      if (value === null) return [c.code, null]
      const part = high > low ? (value - low) / (high - low) : 0
      const bad = worseWhenHigher(by) ? part : high > low ? 1 - part : 0
      return [c.code, Math.min(4, Math.floor(bad * 5))]
    }),
  )
}

export interface Month {
  month: string
  application: number
  incident: number
  closed: number
  onTime: number | null
  good: number | null
}

/** The months of a board, both kinds side by side. */
export function byMonth(months: Board['months']): Month[] {
  const names = [...new Set(months.map((m) => m.month))].sort()
  return names.map((month) => {
    const rows = months.filter((m) => m.month === month)
    const sum = (part: keyof PeriodFigures) => rows.reduce((total, r) => total + r[part], 0)
    const of = (kind: CaseKind) => rows.filter((r) => r.kind === kind).reduce((total, r) => total + r.received, 0)
    return {
      month,
      application: of('application'),
      incident: of('incident'),
      closed: sum('closed'),
      onTime: rate(sum('onTime'), sum('closed')),
      good: rate(sum('good'), sum('rated')),
    }
  })
}
