import { describe, expect, it } from 'vitest'
import {
  addField,
  allKinds,
  beginsGroup,
  columnField,
  columnKinds,
  deciders,
  dependants,
  duplicateField,
  faultsAt,
  fieldColumn,
  kinds,
  moved,
  moveField,
  newColumn,
  renameField,
  renameGroup,
  setKind,
  trimmedFields,
  viewOf,
  type Field,
} from '../console/src/kit/formDesign'
import { newContent, trimmed } from '../console/src/features/hall/design'
import { en, zh } from './catalogue'

const pair = (zh: string, en = zh) => ({ zh, en })
const field = (key: string, more: Partial<Field> = {}): Field => ({
  key,
  label: pair(key),
  kind: 'text',
  required: true,
  personal: false,
  group: pair('甲', 'A'),
  ...more,
})
const keys = (form: Field[]) => form.map((f) => f.key)

describe('the designer of a form', () => {
  it('names every kind of field in both languages', () => {
    for (const kind of allKinds)
      for (const texts of [zh, en]) expect((texts as Record<string, string>)[`ui.design.kinds.${kind}`]).toBeTruthy()
  })

  it('adds a field behind the last, in its group, under a free key', () => {
    const form = [field('text')]
    expect(addField(form, 'text')).toBe(1)
    expect(addField(form, 'choice', 0)).toBe(1)
    expect(keys(form)).toEqual(['text', 'choice', 'text_2'])
    expect(form.every((f) => f.group.zh === '甲')).toBe(true)
    expect(new Set(form[1]!.options!.map((o) => o.value)).size).toBe(2)
  })

  it('leaves nothing of the old kind behind', () => {
    const choice = setKind(field('a'), 'choice')
    const amount = setKind(choice, 'number')
    expect(amount.options).toBeUndefined()
    expect(amount.max).toBeGreaterThan(amount.min!)
    expect(setKind({ ...amount, unit: pair('元', 'yuan') }, 'text')).toEqual(field('a'))
    expect(setKind(field('a'), 'idnumber').personal).toBe(true)
  })

  it('designs tables and files where they can be asked, column by column', () => {
    expect(kinds).not.toContain('table')
    expect(allKinds).toEqual(expect.arrayContaining(['table', 'file', ...kinds]))
    expect(columnKinds).not.toEqual(expect.arrayContaining(['table', 'file', 'choices', 'textarea']))
    const table = setKind(field('a'), 'table')
    expect(table.columns!.map((c) => c.key)).toEqual(['column'])
    const two = [...table.columns!, newColumn(table.columns!)]
    expect(two.map((c) => c.key)).toEqual(['column', 'column_2'])
    expect(moved(two, 1, -1).map((c) => c.key)).toEqual(['column_2', 'column'])
    const amount = fieldColumn(setKind(columnField(two[0]!), 'number'))
    expect(amount).toMatchObject({ kind: 'number', max: 100 })
    expect(amount).not.toHaveProperty('group')
    const file = setKind({ ...table, min: 2, max: 50 }, 'file')
    expect(file).toMatchObject({ kind: 'file', max: 9 })
    expect(file.columns ?? file.min).toBeUndefined()
    const [sent] = trimmedFields([{ ...table, columns: [{ ...amount, unit: pair('') }] }])
    expect(sent!.columns![0]).not.toHaveProperty('unit')
  })

  it('moves a field within its group, and over the edge into the next', () => {
    const form = [field('a'), field('b'), field('c', { group: pair('乙', 'B') })]
    expect(moveField(form, 0, -1)).toBe(0)
    expect(moveField(form, 0, 1)).toBe(1)
    expect(keys(form)).toEqual(['b', 'a', 'c'])
    expect(moveField(form, 1, 1)).toBe(1)
    expect(form[1]!.group.zh).toBe('乙')
    expect(form.map((_, i) => beginsGroup(form, i))).toEqual([true, true, false])
  })

  it('copies under a key of its own, without sharing anything', () => {
    const form = [field('a', { only: { field: 'x', is: ['y'] } })]
    duplicateField(form, 0)
    form[1]!.only!.is!.push('z')
    expect(keys(form)).toEqual(['a', 'a_2'])
    expect(form[0]!.only!.is).toEqual(['y'])
  })

  it('follows a renamed field in the conditions, and names who depends on it', () => {
    const form = [field('a', { kind: 'choice' }), field('b', { only: { field: 'a', is: ['x'] } })]
    renameField(form, 0, 'home')
    expect(form[1]!.only!.field).toBe('home')
    expect(keys(dependants(form, 'home'))).toEqual(['b'])
  })

  it('offers earlier choices alone as deciders', () => {
    const form = [field('a', { kind: 'choice' }), field('b'), field('c', { kind: 'choices' }), field('d')]
    expect(keys(deciders(form, 3))).toEqual(['a', 'c'])
    expect(deciders(form, 0)).toEqual([])
  })

  it('renames a group whole', () => {
    const form = [field('a'), field('b'), field('c', { group: pair('乙', 'B') })]
    renameGroup(form, 1, pair('丙', 'C'))
    expect(form.map((f) => f.group.zh)).toEqual(['丙', '丙', '乙'])
  })

  it('sends neither empty hints nor a condition without a field', () => {
    const content = { ...newContent(), official: '', form: [field('a', { hint: pair(' ', ''), only: { field: '', is: [] } })] }
    const sent = trimmed(content)
    expect(sent.form[0]).toEqual(field('a'))
    expect('official' in sent).toBe(false)
    expect(content.form[0]!.only).toBeDefined()
  })

  it('shows the form in one language, and faults at their field', () => {
    expect(viewOf([field('a', { label: pair('甲', 'First') })], 'en')[0]!.label).toBe('First')
    const faults = [
      { location: 'form[1].only', message: 'x' },
      { location: 'form[10].key', message: 'y' },
    ]
    expect(faultsAt(faults, 'form[1]').map((f) => f.message)).toEqual(['x'])
  })
})
