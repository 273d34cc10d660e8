// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, type Component } from 'vue'
import AnswerForm from '../console/src/features/hall/AnswerForm.vue'
import BulkBar from '../console/src/features/casework/BulkBar.vue'
import ConsoleControl from '../console/src/kit/FieldControl.vue'
import FieldAppControl from '../field/src/kit/FieldControl.vue'
import FieldList from '../shared/FieldList.vue'
import type { CaseDetail, Move, MoveField } from '../shared/contract'
import { useMoveFields } from '../shared/moveFields'
import { en, zh } from './catalogue'
import { button, pageText, server, show } from './face'

const root = join(__dirname, '..')
const files = (folder: string): string[] =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    return statSync(join(root, path)).isDirectory() ? files(path) : /\.(vue|ts)$/.test(name) && !name.endsWith('.gen.ts') ? [path] : []
  })
const faces = [
  ['console', ConsoleControl],
  ['field', FieldAppControl],
] as [string, Component][]
const languages = [
  ['zh', zh],
  ['en', en],
] as const
const settled = async () => {
  await flushPromises()
  await nextTick()
  await flushPromises()
}
const field = (name: string, kind: MoveField['kind'], more: Partial<MoveField> = {}) =>
  ({ name, kind, required: false, max: 0, ...more }) as MoveField
const fields = [
  field('unit', 'unit', { required: true }),
  field('note', 'text', { required: true, max: 10 }),
  field('choice', 'choice', { options: ['waste', 'other'] }),
  field('number', 'number', { max: 60 }),
  field('day', 'day'),
  field('lines', 'lines', { max: 3 }),
  field('case', 'case', { max: 30 }),
  field('files', 'files'),
]
const of = (more: Partial<CaseDetail> = {}) =>
  ({ id: 'c1', state: 'established', area: '320703001007', parts: [], events: [], files: [], ...more }) as unknown as CaseDetail
const units = [
  { id: 'u1', name: '甲站', kind: 'station' },
  { id: 'u2', name: '乙站', kind: 'station' },
]

/** A form made of a step's fields, with a face's own controls. */
function form(control: Component, asked: Partial<Parameters<typeof useMoveFields>[0]> = {}, lang: 'zh' | 'en' = 'zh', verb = 'dispatch') {
  let made!: ReturnType<typeof useMoveFields>
  const wrapper = show(
    defineComponent(() => {
      made = useMoveFields({
        flow: 'grid.incident',
        move: { verb, to: 'dispatched', fields } as unknown as Move,
        of: of(),
        units,
        ...asked,
      })
      return () => h(FieldList, { fields: made.fields.value, values: made.values.value, control, prefix: 'f-', of: of(), onSet: made.set })
    }),
    {},
    lang,
  )
  return { made, wrapper }
}
const type = async (wrapper: VueWrapper, name: string, value: string) => {
  await wrapper.find(`[id="f-${name}"]`).setValue(value)
}

beforeEach(() => {
  sessionStorage.clear()
  vi.stubGlobal('scrollTo', () => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe.each(faces)('the fields of a step, in the %s', (face, control) => {
  it('have each its label and its control', async () => {
    const { wrapper } = form(control)
    await settled()
    for (const name of ['unit', 'note', 'number', 'day', 'lines', 'case'])
      expect(wrapper.find(`[id="f-${name}"]`).exists(), name).toBe(true)
    expect(wrapper.findAll('input[type=radio]')).toHaveLength(2)
    expect(wrapper.find('input[type=file]').exists()).toBe(true)
    // The words of the flow, of its step, and where it has none, those of the kind.
    expect(wrapper.text()).toContain('说明')
    expect(wrapper.text()).toContain('垃圾')
    expect(wrapper.text()).toContain(zh['ui.move.field.day'])
    expect(wrapper.text()).toContain(zh['ui.move.linesHint'])
  })

  it('are sent as they were filled in, and what lacks or is too much is said at its field', async () => {
    const { made, wrapper } = form(control)
    await settled()
    expect(wrapper.text()).not.toContain(zh['ui.move.required'])
    expect(made.valid()).toBe(false)
    await settled()
    await vi.waitFor(() => expect(wrapper.text().split(zh['ui.move.required'])).toHaveLength(3))
    made.set('unit', 'u1')
    await type(wrapper, 'note', ' 请尽快 ')
    await type(wrapper, 'lines', 'a\n\nb\nc\nd')
    made.set('files', [{ id: 'x1', name: 'a.jpg', size: 1 }])
    expect(made.valid()).toBe(false)
    await settled()
    await vi.waitFor(() => expect(wrapper.text()).toContain(zh['ui.move.tooLong'].replace('{max}', '3')))
    await type(wrapper, 'lines', 'a\n b ')
    expect(made.valid()).toBe(true)
    expect(made.body(7)).toEqual({ version: 7, unit: 'u1', note: '请尽快', lines: ['a', 'b'], files: ['x1'] })
  })

  it('keep what was filled in as a draft, and are empty without one', async () => {
    const { made, wrapper } = form(control)
    await settled()
    await type(wrapper, 'note', '我写的')
    made.set('files', [{ id: 'x1', name: 'a.jpg', size: 1 }])
    const kept = JSON.parse(JSON.stringify(made.content())) as ReturnType<typeof made.content>
    made.write()
    await settled()
    expect((wrapper.find('[id="f-note"]').element as HTMLTextAreaElement).value).toBe('')
    expect(made.touched()).toBe(false)
    made.write(kept)
    await settled()
    expect((wrapper.find('[id="f-note"]').element as HTMLTextAreaElement).value).toBe('我写的')
    expect(made.body(1)).toEqual({ version: 1, note: '我写的', files: ['x1'] })
    expect(made.touched()).toBe(true)
  })

  it('propose the unit of the routes, say why, and offer it though it works elsewhere', async () => {
    const routed = { unit: { id: 'u9', name: '丙站' }, by: 'route', note: '夜间' } as never
    const { made, wrapper } = form(control, { of: of({ routed }) })
    made.propose()
    await settled()
    expect(made.body(1).unit).toBe('u9')
    expect(made.touched(), 'nobody chose it').toBe(false)
    expect(wrapper.text()).toContain(`${zh['ui.route.by.route'].replace('{unit}', '丙站')} 夜间`)
    expect(made.fields.value[0]!.options.map((o) => o.label)).toEqual(['甲站', '乙站', '丙站'])
    expect(form(control, { of: of({ routed, state: 'dispatched' as never }) }).made.fields.value[0]!.hint, 'of a step that stays').toBe('')
  })

  it('name those who help when one of them is released', () => {
    const parts = [
      { state: 'open', unit: { id: 'p1', name: '协办甲' } },
      { state: 'done', unit: { id: 'p2', name: '协办乙' } },
    ] as never
    expect(form(control, { of: of({ parts }) }, 'zh', 'release').made.fields.value[0]!.options).toEqual([{ value: 'p1', label: '协办甲' }])
  })

  it('ask for no files of many cases at once', () => {
    const { made } = form(control, { of: undefined, many: true })
    expect(made.fields.value.map((f) => f.name)).not.toContain('files')
    expect(face).toBeTruthy()
  })
})

describe.each(languages)('a step on many cases (%s)', (lang, texts) => {
  it('has the same controls, a day by a calendar and a number by its bounds', async () => {
    const move = {
      verb: 'dispatch',
      to: 'dispatched',
      danger: false,
      aside: false,
      fields: [field('day', 'day'), field('number', 'number')],
    }
    server((a) =>
      a.path.startsWith('/casework/cases/') ? { body: of({ kind: 'incident', allowed: [move] as never, version: 1 }) } : undefined,
    )
    show(BulkBar, { cases: [{ id: 'c1', version: 1 }] }, lang)
    await settled()
    button(texts['ui.bulk.fits'].replace('{verb}', lang === 'zh' ? '派遣' : 'Dispatch').replace('{n}', '1')).click()
    await settled()
    expect(document.querySelector('.el-date-editor input#bulk-day, .el-date-editor #bulk-day')).not.toBeNull()
    expect(document.querySelector('.el-input-number')).not.toBeNull()
    expect(pageText()).toContain(texts['ui.move.field.day'])
  })
})

describe('the questions of an item', () => {
  it('have the same controls', async () => {
    const question = (key: string, kind: string, more = {}) => ({ key, kind, label: key, group: '', required: false, ...more })
    const form = [
      question('a', 'text', { max: 5 }),
      question('b', 'textarea'),
      question('c', 'choice', { options: [{ value: 'x', label: '甲' }] }),
      question('d', 'date'),
      question('e', 'phone'),
    ]
    const answers: Record<string, string> = {}
    const wrapper = show(AnswerForm, { form, answers, papers: {}, materials: [], faults: { 'answer-e': 'ui.form.phone' } })
    await settled()
    await wrapper.find('#answer-a').setValue('一')
    expect(answers).toEqual({ a: '一' })
    expect(wrapper.find('textarea#answer-b').exists()).toBe(true)
    expect(wrapper.find('.el-select').exists()).toBe(true)
    expect(wrapper.find('.el-date-editor').exists()).toBe(true)
    expect(wrapper.find('#answer-e').attributes('inputmode')).toBe('tel')
    await vi.waitFor(() => expect(wrapper.text()).toContain(zh['ui.form.phone']))
  })
})

describe('there is one renderer of declared fields', () => {
  const all = [...files('console/src'), ...files('field/src'), ...files('shared')]
  const source = (path: string) => readFileSync(join(root, path), 'utf8')

  it('and no second: nobody else goes through them, words them or knows their kinds', () => {
    expect(all.length).toBeGreaterThan(200)
    const goes = all.filter((path) => /v-for="\w+ in [\w.]*(move|chosen|step)\.fields"|\bkind === '(unit|lines|files)'/.test(source(path)))
    expect(goes.sort()).toEqual(['shared/move.ts', 'shared/moveFields.ts'])
    const words = all.filter((path) => /ui\.move\.(field|kind|required|tooLong|linesHint)/.test(source(path)))
    expect(words).toEqual(['shared/moveFields.ts'])
    const kinds = all.filter((path) => /\.control === 'case'/.test(source(path)))
    expect(kinds.sort()).toEqual(['console/src/kit/FieldControl.vue', 'field/src/kit/FieldControl.vue'])
  })

  it('in every form of a step', () => {
    const forms = all.filter((path) => path.endsWith('.vue') && /useMoveFields\(/.test(source(path)))
    expect(forms.length).toBe(5)
    expect(forms.filter((path) => !/<FieldList/.test(source(path)))).toEqual([])
  })
})
