/** A year's arrangement of holidays, between the days that the platform keeps and the form that an operator fills in. */
import type { CalendarDay, CalendarDraft } from '@shared/contract'

export interface Arrangement {
  notice: string
  off: [string, string][]
  work: string[]
}

const dayMillis = 86_400_000
const millis = (day: string) => Date.parse(`${day}T00:00:00Z`)

/** Days off joined to stretches, and the make-up days. */
export function arrangementOf(days: Pick<CalendarDay, 'date' | 'kind'>[]): Omit<Arrangement, 'notice'> {
  const off: [string, string][] = []
  for (const { date } of days.filter((d) => d.kind === 'off').sort((a, b) => a.date.localeCompare(b.date))) {
    const last = off[off.length - 1]
    if (last && millis(date) - millis(last[1]) === dayMillis) last[1] = date
    else off.push([date, date])
  }
  return {
    off,
    work: days
      .filter((d) => d.kind === 'work')
      .map((d) => d.date)
      .sort(),
  }
}

export function draftOf(a: Arrangement): CalendarDraft {
  return { notice: a.notice.trim(), off: a.off.map(([from, to]) => ({ from, to })), work: a.work }
}

export interface Cell {
  day: number
  date: string
  weekend: boolean
  kind: 'off' | 'work' | ''
}

/** The twelve months of a year as weeks from Monday; null stands for a day of another month. */
export function months(year: number, days: Pick<CalendarDay, 'date' | 'kind'>[]): (Cell | null)[][][] {
  const special = new Map(days.map((d) => [d.date, d.kind]))
  return Array.from({ length: 12 }, (_, month) => {
    const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const lead = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7
    const cells: (Cell | null)[] = Array.from({ length: lead }, () => null)
    for (let day = 1; day <= length; day++) {
      const date = new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)
      cells.push({ day, date, weekend: (lead + day - 1) % 7 > 4, kind: (special.get(date) as Cell['kind']) ?? '' })
    }
    while (cells.length % 7) cells.push(null)
    return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
  })
}
