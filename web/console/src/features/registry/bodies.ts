import type { Body, Hours } from '@shared/contract'

/** The six that every community should have: 一委, 一居, 一站, 一办, 议事会, 监事会. */
export const communityBodies = ['party', 'committee', 'station', 'office', 'council', 'supervisory'] as const

/** Which of the six a community lacks. */
export function gaps(bodies: Pick<Body, 'kind'>[]): string[] {
  return communityBodies.filter((kind) => !bodies.some((b) => b.kind === kind))
}

/** Consecutive days as ranges: [1,2,3,4,5,7] → [[1,5],[7,7]]. */
export function dayRanges(days: number[]): [number, number][] {
  const out: [number, number][] = []
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = out[out.length - 1]
    if (last && day === last[1] + 1) last[1] = day
    else out.push([day, day])
  }
  return out
}

type Say = (key: string, named?: Record<string, unknown>) => string

function daysText(days: number[], say: Say): string {
  return dayRanges(days)
    .map(([from, to]) =>
      from === to ? say(`ui.weekday.${from}`) : say('ui.weekday.range', { from: say(`ui.weekday.${from}`), to: say(`ui.weekday.${to}`) }),
    )
    .join(say('ui.list.comma'))
}

/** 周一至周五 08:30–12:00、14:00–17:30；周六 09:00–11:30: the spans of the same days together, from Monday on. */
export function weekText(hours: Hours[], say: Say): string {
  const byDays = new Map<string, Hours[]>()
  for (const span of hours) {
    const key = [...span.days].sort((a, b) => a - b).join()
    byDays.set(key, [...(byDays.get(key) ?? []), span])
  }
  return [...byDays.entries()]
    .sort(([a], [b]) => Number(a.split(',')[0]) - Number(b.split(',')[0]))
    .map(
      ([, spans]) =>
        `${daysText(spans[0]!.days, say)} ${spans
          .map((s) => `${s.from}–${s.to}`)
          .sort()
          .join(say('ui.list.comma'))}`,
    )
    .join(say('ui.list.semicolon'))
}
