import { describe, expect, it } from 'vitest'
import { byMonth, classes, measure, worst, type Child } from '../console/src/features/home/figures'
import { count, percent, rate } from '../shared/rate'

const none = { received: 0, closed: 0, onTime: 0, late: 0, rated: 0, good: 0, points: 0 }
const child = (code: string, figures: Partial<Child>): Child => ({ code, name: code, open: 0, overdue: 0, last: none, ...none, ...figures })

describe('rates', () => {
  it('of nothing there is no rate', () => {
    expect(rate(0, 0)).toBeNull()
    expect(percent(rate(0, 0))).toBe('—')
    expect(percent(rate(0, 4))).toBe('0%')
    expect(percent(rate(7, 8))).toBe('87.5%')
    expect(percent(rate(8, 8))).toBe('100%')
  })

  it('groups thousands', () => {
    expect([count(0), count(999), count(1685), count(1234567)]).toEqual(['0', '999', '1,685', '1,234,567'])
  })
})

describe('the worst', () => {
  const calm = child('calm', { open: 4, closed: 10, onTime: 10 })
  const late = child('late', { open: 10, overdue: 5, closed: 10, onTime: 9 })
  const slow = child('slow', { open: 10, closed: 10, onTime: 2 })
  const idle = child('idle', {})

  it('stands by share overdue, then by how little was on time, and leaves out the blameless', () => {
    expect(worst([calm, slow, idle, late]).map((c) => c.code)).toEqual(['late', 'slow'])
    expect(worst([late, slow], 1)).toHaveLength(1)
  })

  it('knows no figure of an area where nothing happened', () => {
    expect(measure(idle, 'overdueShare')).toBeNull()
    expect(measure(idle, 'onTime')).toBeNull()
    expect(measure(idle, 'good')).toBeNull()
    expect(measure(idle, 'open')).toBe(0)
  })

  it('colours from good to bad, whichever way the figure points', () => {
    const overdue = classes([calm, late, idle], 'overdueShare')
    expect([overdue.get('calm'), overdue.get('late'), overdue.get('idle')]).toEqual([0, 4, null])
    const timely = classes([calm, slow], 'onTime')
    expect([timely.get('calm'), timely.get('slow')]).toEqual([0, 4])
  })
})

describe('months', () => {
  it('puts both kinds side by side, in order', () => {
    const rows = byMonth([
      { ...none, month: '2026-02', kind: 'incident', received: 3, closed: 2, onTime: 1 },
      { ...none, month: '2026-01', kind: 'application', received: 5 },
      { ...none, month: '2026-02', kind: 'application', received: 4, closed: 2, onTime: 2 },
    ])
    expect(rows.map((r) => r.month)).toEqual(['2026-01', '2026-02'])
    expect(rows[0]).toMatchObject({ application: 5, incident: 0, onTime: null })
    expect(rows[1]).toMatchObject({ application: 4, incident: 3, closed: 4, onTime: 0.75 })
  })
})
