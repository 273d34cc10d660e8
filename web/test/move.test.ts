import { afterEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../shared/api'
import type { CaseDetail, Move } from '../shared/contract'
import { inOrder, faults, moveBody, movePath, newerCase, union } from '../shared/move'

const field = (name: string, kind: Move['fields'][number]['kind'], required = true, max = 0) => ({ name, kind, required, max })
const giveBack: Move = {
  verb: 'return',
  to: 'returned',
  danger: false,
  aside: false,
  fields: [field('lines', 'lines', true, 3), field('note', 'text', false, 10)],
}
const dispatch: Move = {
  verb: 'dispatch',
  to: 'dispatched',
  danger: false,
  aside: false,
  fields: [field('unit', 'unit'), field('note', 'text', false), field('files', 'files', false)],
}

describe('the body of a move', () => {
  it('carries the version and what was given, trimmed', () => {
    expect(moveBody(giveBack, 7, { lines: ' 户口簿 \n\n收入证明\n', note: '  ' })).toEqual({ version: 7, lines: ['户口簿', '收入证明'] })
    expect(moveBody(dispatch, 1, { unit: 'u1', note: ' 请尽快 ', files: ['f1'] })).toEqual({
      version: 1,
      unit: 'u1',
      note: '请尽快',
      files: ['f1'],
    })
  })

  it('carries nothing that the flow did not ask for', () => {
    expect(moveBody({ ...dispatch, fields: [] }, 2, { note: 'x', unit: 'u' })).toEqual({ version: 2 })
  })

  it('is not sent with a required field empty or one over its bound', () => {
    expect(faults(giveBack, { lines: '\n' })).toEqual({ lines: 'required' })
    expect(faults(giveBack, { lines: 'a\nb\nc\nd', note: '一二三四五六七八九十十一' })).toEqual({ lines: 'tooLong', note: 'tooLong' })
    expect(faults(dispatch, { unit: 'u1' })).toEqual({})
  })

  it('carries days and numbers, and a number within its bound', () => {
    const supervise: Move = {
      verb: 'supervise',
      to: 'accepted',
      danger: false,
      aside: false,
      fields: [field('number', 'number', true, 60), field('day', 'day', false)],
    }
    expect(moveBody(supervise, 1, { number: 3, day: '2026-12-01' })).toEqual({ version: 1, number: 3, day: '2026-12-01' })
    expect(moveBody(supervise, 1, { number: '5' })).toEqual({ version: 1, number: 5 })
    expect(faults(supervise, {})).toEqual({ number: 'required' })
    expect(faults(supervise, { number: 61 })).toEqual({ number: 'tooLong' })
  })

  it('goes to the module of its kind', () => {
    expect(movePath('application', '1', 'accept')).toBe('/hall/applications/1/accept')
    expect(movePath('incident', '1', 'feed_back')).toBe('/grid/incidents/1/feed_back')
  })
})

describe('a move that lost the race', () => {
  afterEach(() => vi.unstubAllGlobals())
  const seen = { id: 'c', version: 1 }
  /** The case as the server has it now; null: it cannot be read. */
  const now = (version: number | null) =>
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => (version === null ? new Response('{}', { status: 403 }) : new Response(JSON.stringify({ id: 'c', version })))),
    )

  it.each(['stale', 'flow.illegal', 'grid.incident.own_work'])(
    'is known by the case having moved on, whatever the refusal says (%s)',
    async (key) => {
      now(2)
      expect(await newerCase(new Problem(409, { key }), seen)).toMatchObject({ version: 2 })
    },
  )

  it('is not any refusal', async () => {
    now(1)
    expect(await newerCase(new Problem(409, { key: 'hall.application.returned_once' }), seen)).toBeNull()
    now(2)
    expect(await newerCase(new Problem(422, {}), seen)).toBeNull()
    expect(await newerCase(new TypeError('x'), seen)).toBeNull()
    expect(fetch, 'and the case is not read for it').not.toHaveBeenCalled()
  })

  it('stays the refusal it is when the case cannot be read any more', async () => {
    now(null)
    expect(await newerCase(new Problem(409, { key: 'stale' }), seen)).toBeNull()
  })
})

describe('order of steps', () => {
  it('keeps the exceptional measures apart from the next step, however dangerous that is', () => {
    const move = (verb: string, danger: boolean, aside: boolean) => ({ verb, to: 'x', danger, aside, fields: [] })
    const { next, aside } = inOrder([move('approve', true, false), move('suspend', false, true), move('deny', true, false)])
    expect(next.map((m) => m.verb)).toEqual(['approve', 'deny'])
    expect(aside.map((m) => m.verb)).toEqual(['suspend'])
  })

  it('offers for many cases what any of them offers, and says for which', () => {
    const step = (verb: string, aside = false) => ({ verb, to: 'x', danger: false, aside, fields: [] })
    const of = (id: string, ...allowed: Move[]) => ({ id, kind: 'incident', allowed }) as unknown as CaseDetail
    const offers = union([of('a', step('establish'), step('merge', true)), of('b', step('dispatch'), step('merge', true))])
    expect(offers.map((o) => [o.verb, o.cases.map((c) => c.id).join('')])).toEqual([
      ['establish', 'a'],
      ['dispatch', 'b'],
      ['merge', 'ab'],
    ])
  })
})
