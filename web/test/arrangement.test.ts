import { describe, expect, it } from 'vitest'
import { arrangementOf, draftOf, months } from '../console/src/features/calendar/arrangement'

const off = (date: string) => ({ date, kind: 'off' as const })

describe('a year\u2019s arrangement', () => {
  it('joins days off to stretches, over the end of a month', () => {
    const days = [off('2027-02-01'), off('2027-01-01'), off('2027-01-31'), { date: '2027-01-30', kind: 'work' as const }]
    expect(arrangementOf(days)).toEqual({
      off: [
        ['2027-01-01', '2027-01-01'],
        ['2027-01-31', '2027-02-01'],
      ],
      work: ['2027-01-30'],
    })
  })

  it('is sent as stretches with its notice', () => {
    expect(draftOf({ notice: ' n ', off: [['2027-01-01', '2027-01-03']], work: [] })).toEqual({
      notice: 'n',
      off: [{ from: '2027-01-01', to: '2027-01-03' }],
      work: [],
    })
  })

  it('lays the months out in weeks from Monday', () => {
    const all = months(2027, [off('2027-01-01')])
    expect(all).toHaveLength(12)
    expect(all[0]![0]!.map((c) => c?.day ?? 0)).toEqual([0, 0, 0, 0, 1, 2, 3]) // 1 January 2027 is a Friday
    expect(all[0]![0]![4]).toEqual({ day: 1, date: '2027-01-01', weekend: false, kind: 'off' })
    expect(all[0]![0]![5]!.weekend).toBe(true)
    expect(all[1]!.flat().filter(Boolean)).toHaveLength(28)
  })
})
