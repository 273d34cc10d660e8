import { describe, expect, it } from 'vitest'
import type { Due } from '../shared/contract'
import { fill } from '../shared/i18n'
import { en, zh } from './catalogue'
import { calendarDay, dayOf, deadline, limitOf, momentOf, shortDayOf, today } from '../shared/wording'

const say =
  (all: Record<string, string>) =>
  (key: string, named: Record<string, unknown> = {}) =>
    fill(all[key] ?? `?${key}`, (name) => named[name])
const now = Date.UTC(2026, 10, 23, 2, 0) // 10:00 in the city
const due = Date.UTC(2026, 10, 25, 9, 30) // 17:30 in the city

describe('dates are the city’s', () => {
  it.each([
    [Date.UTC(2026, 10, 22, 16, 0), 'zh', '2026年11月23日'],
    [Date.UTC(2026, 10, 22, 15, 59), 'zh', '2026年11月22日'],
    [Date.UTC(2026, 10, 22, 16, 0), 'en', '23 Nov 2026'],
  ])('%d in %s', (instant, lang, text) => {
    expect(dayOf(instant, lang)).toBe(text)
  })

  it('writes moments, short days and calendar days', () => {
    expect(momentOf(Date.UTC(2026, 0, 5, 1, 5), 'en')).toBe('5 Jan 2026, 09:05')
    expect(shortDayOf(due, 'zh', now)).toBe('11月25日')
    expect(shortDayOf(Date.UTC(2027, 0, 4, 9), 'zh', now)).toBe('2027年1月4日')
    expect(calendarDay('2026-03-01', 'en')).toBe('1 Mar 2026')
    expect(calendarDay('', 'zh')).toBe('')
    expect(today(Date.UTC(2026, 10, 22, 16, 0))).toBe('2026-11-23')
  })
})

describe('deadline', () => {
  const cases: [string, Due, number | null, string, string][] = [
    ['none', { state: 'none' }, null, '无办理期限', 'No deadline'],
    ['open year', { state: 'open', year: 2027 }, null, '期限待定：2027 年工作日历尚未载入', 'Open: the calendar of 2027 is not loaded'],
    ['running', { state: 'running', left: 2, unit: 'workday' }, due, '还有 2 个工作日 (11月25日)', '2 working days left (25 Nov)'],
    ['one day', { state: 'soon', left: 1, unit: 'workday' }, due, '还有 1 个工作日 (11月25日)', '1 working day left (25 Nov)'],
    ['today', { state: 'soon', left: 0, unit: 'workday' }, due, '今天到期 (11月25日)', 'Due today (25 Nov)'],
    [
      'minutes',
      { state: 'soon', left: 200, unit: 'workminute' },
      due,
      '还有 3 小时 20 分工作时间 (11月25日 17:30)',
      '3 h 20 min of working time left (25 Nov 17:30)',
    ],
    [
      'minutes to the end of the day',
      { state: 'soon', left: 20, unit: 'workminute' },
      Date.UTC(2026, 10, 25, 15, 59, 59, 999),
      '还有 20 分钟工作时间 (11月25日)',
      '20 working minutes left (25 Nov)',
    ],
    [
      'whole hours',
      { state: 'running', left: 120, unit: 'workminute' },
      due,
      '还有 2 个工作小时 (11月25日 17:30)',
      '2 working hours left (25 Nov 17:30)',
    ],
    [
      'overdue',
      { state: 'overdue', left: -3, unit: 'workday' },
      due,
      '已超期 3 个工作日 (11月25日到期)',
      'Overdue by 3 working days (was due 25 Nov)',
    ],
    ['just overdue', { state: 'overdue', left: 0, unit: 'workday' }, due, '已超期 (11月25日到期)', 'Overdue (was due 25 Nov)'],
    ['met', { state: 'met' }, null, '按期办结', 'Done in time'],
    ['late with its day', { state: 'late' }, due, '超期办结 (期限 11月25日)', 'Done late (limit 25 Nov)'],
  ]
  it.each(cases)('%s', (_name, state, at, inZh, inEn) => {
    const c = { due: state, dueAt: at, closedAt: null }
    expect(deadline(c, 'zh', say(zh), now)).toBe(inZh)
    expect(deadline(c, 'en', say(en), now)).toBe(inEn)
  })
})

describe('limit', () => {
  it.each([
    [{ amount: 0, unit: 'workday' }, '当场办结', 'on the spot'],
    [{ amount: 1, unit: 'workday' }, '1 个工作日', '1 working day'],
    [{ amount: 4, unit: 'workhour' }, '4 个工作时', '4 working hours'],
    [{ amount: 7, unit: 'day' }, '7 日', '7 days'],
    [undefined, '—', '—'],
  ])('%o', (limit, inZh, inEn) => {
    expect(limitOf(limit, say(zh))).toBe(inZh)
    expect(limitOf(limit, say(en))).toBe(inEn)
  })
})
