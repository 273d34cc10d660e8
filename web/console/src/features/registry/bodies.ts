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

/** 周一至周五 08:30–12:00 */
export function hoursText(hours: Hours, say: (key: string, named?: Record<string, unknown>) => string): string {
  const days = dayRanges(hours.days)
    .map(([from, to]) => (from === to ? say(`ui.weekday.${from}`) : say('ui.weekday.range', { from: say(`ui.weekday.${from}`), to: say(`ui.weekday.${to}`) })))
    .join(say('ui.list.comma'))
  return `${days} ${hours.from}–${hours.to}`
}
