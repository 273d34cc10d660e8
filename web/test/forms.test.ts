import { describe, expect, it } from 'vitest'
import { categoryTree } from '../console/src/features/grid/categoryTree'
import { draw } from '../console/src/features/flow/diagram'
import { answerFaults, applicantFaults, filesOf, idNumberHolds, otherPapers } from '../console/src/features/hall/intake'
import { dayRanges, gaps, weekText } from '../console/src/features/registry/bodies'
import type { Category, Flow, FormField } from '../shared/contract'
import { askedOf, groupsOf, holds } from '../shared/form'
import { fill } from '../shared/i18n'
import { zh } from './catalogue'

const say = (key: string, named: Record<string, unknown> = {}) => fill((zh as Record<string, string>)[key] ?? key, (n) => named[n])
const question = (key: string, more: Partial<FormField> = {}): FormField => ({
  key,
  label: key,
  kind: 'text',
  options: [],
  required: false,
  personal: false,
  group: '甲',
  min: 0,
  max: 0,
  ...more,
})

describe('identity numbers', () => {
  it.each([
    ['11010519491231002X', true],
    ['11010519491231002x', true],
    ['110105194912310021', false],
    ['11010519491231002', false],
    ['', false],
  ])('%s', (id, holds) => {
    expect(idNumberHolds(id)).toBe(holds)
  })
})

describe('taking an application', () => {
  const person = { name: '张三', phone: '13800001111', idNumber: '11010519491231002X', area: '320703001001' }

  it('accepts a whole applicant, with mobile or landline', () => {
    expect(applicantFaults(person)).toEqual({})
    expect(applicantFaults({ ...person, phone: '0518-85412345' })).toEqual({})
  })

  it('names each fault at its input', () => {
    expect(Object.keys(applicantFaults({ name: ' ', phone: '123', idNumber: '1', area: '' }))).toEqual([
      'applicant-name',
      'applicant-phone',
      'applicant-id',
      'applicant-area',
    ])
  })

  it('asks for required answers only, and checks what is given', () => {
    const form = [question('a', { required: true }), question('b'), question('n', { kind: 'number' })]
    expect(answerFaults(form, { n: 'x' })).toEqual({ 'answer-a': 'ui.form.required', 'answer-n': 'ui.form.number' })
    expect(answerFaults(form, { a: '是', n: '-2.5' })).toEqual({})
  })

  it('asks what the choices before let be asked', () => {
    const yesNo = [
      { value: 'yes', label: '是' },
      { value: 'no', label: '否' },
    ]
    const form = [
      question('rents', { kind: 'choice', options: yesNo }),
      question('rent', { kind: 'number', required: true, only: { field: 'rents', is: ['yes'] } }),
      question('firm', { kind: 'choices', options: yesNo, only: { field: 'rents', not: ['no'] } }),
      question('name', { required: true, only: { field: 'firm', is: ['yes'] } }),
    ]
    const keys = (answers: Record<string, string>) => askedOf(form, answers).map((f) => f.key)
    expect(keys({})).toEqual(['rents'])
    expect(keys({ rents: 'no', firm: 'yes' })).toEqual(['rents'])
    expect(keys({ rents: 'yes', firm: 'no yes' })).toEqual(['rents', 'rent', 'firm', 'name'])
    expect(answerFaults(form, { rents: 'no', rent: '' })).toEqual({})
    expect(answerFaults(form, { rents: 'yes' })).toEqual({ 'answer-rent': 'ui.form.required' })
    expect(holds({ not: ['no'] }, '')).toBe(false)
  })

  it('says which material each file proves', () => {
    const file = (id: string) => ({ id, name: id, mediaType: 'image/png', size: 1, seq: 0, at: 0, thumbnail: false })
    expect(filesOf({ '2': [file('a')], [otherPapers]: [file('b')] })).toEqual({ files: ['a', 'b'], papers: { a: 2 } })
  })

  it('keeps groups in the order of the form', () => {
    const groups = groupsOf([question('a'), question('b', { group: '乙' }), question('c')])
    expect(groups.map((g) => [g.group, g.fields.map((f) => f.key)])).toEqual([
      ['甲', ['a', 'c']],
      ['乙', ['b']],
    ])
  })
})

describe('bodies', () => {
  it('tells which of the six are missing', () => {
    expect(gaps([{ kind: 'party' }, { kind: 'station' }])).toEqual(['committee', 'office', 'council', 'supervisory'])
  })

  it('writes hours as ranges of days', () => {
    expect(dayRanges([5, 1, 2, 3, 7])).toEqual([
      [1, 3],
      [5, 5],
      [7, 7],
    ])
    const span = (days: number[], from: string, to: string) => ({ days, from, to })
    expect(
      weekText([span([6], '09:00', '11:30'), span([1, 2, 3, 4, 5], '14:00', '17:30'), span([5, 4, 3, 2, 1], '08:30', '12:00')], say),
    ).toBe('周一至周五 08:30–12:00、14:00–17:30；周六 09:00–11:30')
  })
})

describe('categories', () => {
  it('stand under their class; a class without any stands alone', () => {
    const c = (code: string, parent: string) => ({ code, parent, name: code }) as Category
    expect(categoryTree([c('01', ''), c('0101', '01'), c('02', '')]).map((g) => g.categories.map((x) => x.code))).toEqual([
      ['0101'],
      ['02'],
    ])
  })
})

describe('the diagram of a flow', () => {
  const step = (from: string, verb: string, to: string) => ({ from: [from], verb, to, permissions: [], guards: [] })
  const flow: Flow = {
    name: 'hall.application',
    start: 'a',
    mermaid: '',
    states: ['a', 'b', 'c', 'd'].map((state) => ({ state, open: state !== 'd' })),
    transitions: [
      step('a', 'go', 'b'),
      step('b', 'back', 'a'),
      step('b', 'on', 'c'),
      step('a', 'skip', 'd'),
      step('c', 'end', 'd'),
      step('c', 'stop', 'd'),
    ],
  }
  const drawing = draw(flow, { state: (s) => s, verb: (v) => v })
  const x = (state: string) => drawing.spots.find((s) => s.state === state)!.x

  it('places every state right of what leads to it', () => {
    expect(x('a') < x('b') && x('b') < x('c') && x('c') < x('d')).toBe(true)
  })

  it('draws every move once, moves back aside, and gathers verbs between the same states', () => {
    expect(drawing.arrows).toHaveLength(5)
    expect(drawing.arrows.filter((a) => a.back).map((a) => a.verbs)).toEqual([['back']])
    expect(drawing.arrows.find((a) => a.from === 'c')!.verbs).toEqual(['end', 'stop'])
  })
})
