/** Dates and deadlines as people say them, in the city's time (UTC+8, no summer time). */
import { now as clockNow } from './clock'
import type { Case, Due } from './contract'

type Say = (key: string, named?: Record<string, unknown>) => string
const cityOffset = 8 * 3600_000
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function parts(instant: number) {
  const d = new Date(instant + cityOffset)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    time: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`,
  }
}

/** 2026年11月23日 or 23 Nov 2026. */
export function dayOf(instant: number, lang: string): string {
  const p = parts(instant)
  return lang === 'zh' ? `${p.year}年${p.month}月${p.day}日` : `${p.day} ${months[p.month - 1]} ${p.year}`
}

/** 2026年11月23日 09:05 or 23 Nov 2026, 09:05. */
export function momentOf(instant: number, lang: string): string {
  return dayOf(instant, lang) + (lang === 'zh' ? ' ' : ', ') + parts(instant).time
}

/** 11月25日 or 25 Nov. The year is told only when it is not this one. */
export function shortDayOf(instant: number, lang: string, now: number): string {
  const p = parts(instant)
  if (p.year !== parts(now).year) return dayOf(instant, lang)
  return lang === 'zh' ? `${p.month}月${p.day}日` : `${p.day} ${months[p.month - 1]}`
}

/** A day of the calendar (YYYY-MM-DD) written out; anything else is given back as it is. */
export function calendarDay(day: string, lang: string): string {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!m) return day
  return lang === 'zh' ? `${m[1]}年${Number(m[2])}月${Number(m[3])}日` : `${Number(m[3])} ${months[Number(m[2]) - 1]} ${m[1]}`
}

/** Today's day in the city. */
export function today(now = clockNow()): string {
  return new Date(now + cityOffset).toISOString().slice(0, 10)
}

/** The month so many months before this one in the city, YYYY-MM. */
export function monthBack(months: number): string {
  const now = new Date(clockNow() + cityOffset)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7)
}

/** How much working time: "2 个工作日", "3 小时 20 分工作时间". Always of a positive amount. */
export function span(due: Due, say: Say): string {
  const left = Math.abs(due.left ?? 0)
  if (due.unit !== 'workminute') return counted('ui.due.workdays', left, say)
  const hours = Math.floor(left / 60)
  const minutes = left % 60
  if (hours === 0) return counted('ui.due.workminutes', minutes, say)
  if (minutes === 0) return counted('ui.due.workhours', hours, say)
  return say('ui.due.workhoursMinutes', { hours, minutes })
}

/** The text of a count; a language with a singular has it under `.one`. */
export function counted(key: string, n: number, say: Say): string {
  return say(n === 1 ? `${key}.one` : key, { n })
}

/** The deadline in one sentence: how long, and by when. */
export function deadline(c: Pick<Case, 'due' | 'dueAt' | 'closedAt'>, lang: string, say: Say, now = clockNow()): string {
  const { due, dueAt } = c
  if (due.state === 'none') return c.closedAt ? '—' : say('ui.due.none')
  if (due.state === 'suspended') return say('ui.due.suspended')
  if (due.state === 'open') return say('ui.due.open', { year: due.year ?? '' })
  const day = dueAt === null ? '' : shortDayOf(dueAt, lang, now)
  const time = dueAt === null ? '' : parts(dueAt).time
  // A limit in minutes that ends with the day has no hour worth telling.
  const date = due.unit === 'workminute' && time !== '23:59' ? `${day} ${time}` : day
  if (due.state === 'met' || due.state === 'late') return say(date ? `ui.due.${due.state}` : `ui.due.${due.state}Plain`, { date })
  if (due.state === 'overdue') {
    return due.left ? say('ui.due.overdue', { span: span(due, say), date }) : say('ui.due.overdueNow', { date })
  }
  return due.left ? say('ui.due.left', { span: span(due, say), date }) : say('ui.due.today', { date })
}

/** 7 日 and the like, of the limits that the catalogue promises. */
export function limitOf(limit: { amount: number; unit: string } | undefined, say: Say): string {
  if (!limit) return '—'
  if (limit.amount === 0) return say('ui.limit.atOnce')
  return counted(`ui.limit.${limit.unit}`, limit.amount, say)
}
