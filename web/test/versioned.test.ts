// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, reactive } from 'vue'
import ConflictNotice from '../console/src/kit/ConflictNotice.vue'
import { useVersioned } from '../console/src/kit/useVersioned'
import { button, pageText, server, show } from './face'
import { api } from '../shared/api'
import { en, zh } from './catalogue'

interface Record_ {
  version: number
  name: string
  phone: string
  note: string
}
const first: Record_ = { version: 1, name: '甲', phone: '1', note: '' }
const second: Record_ = { version: 2, name: '甲', phone: '2', note: '别人写的' }

/** A form of three fields over a record that another person has changed into `second`. */
function page(newest: () => Promise<Record_ | undefined>) {
  const form = reactive({ name: first.name, phone: first.phone, note: first.note })
  let api_!: ReturnType<typeof useVersioned<Record_, typeof form>>
  const component = defineComponent(() => {
    api_ = useVersioned<Record_, typeof form>({ of: () => first, newest, form, read: ({ name, phone, note }) => ({ name, phone, note }) })
    return () =>
      api_.conflict.value
        ? h(ConflictNotice, { of: api_.conflict.value, label: (f: string) => f, onKeep: api_.keepMine })
        : h('p', 'no conflict')
  })
  return { form, component, use: () => api_ }
}

const stale = { status: 409, body: { key: 'stale', title: '这条记录刚刚被别人修改过。', changed: { by: '王主任', at: 1_795_000_000_000 } } }
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('a form that somebody else overtook (%s)', (lang, texts) => {
  it('keeps what was typed, says what changed and by whom, and goes on with both', async () => {
    const asked = server(({ method, body }) =>
      method === 'PUT' ? ((body as Record_).version === 2 ? { body: second } : stale) : { body: second },
    )
    const { form, component, use } = page(() => api.get<Record_>('/people/persons/r'))
    show(component, {}, lang)
    form.note = '我写的'
    const send = () =>
      use().saving(async (version) => {
        await api.put('/people/persons/r', { ...form, version })
      })
    await send()
    await flushPromises()

    expect(form).toEqual({ name: '甲', phone: '1', note: '我写的' })
    expect(use().problem.value).toBeNull()
    expect(use().conflict.value?.changed.map((c) => c.field)).toEqual(['phone', 'note'])
    expect(pageText()).toContain('王主任')
    expect(pageText()).toContain(texts['ui.conflict.mine'].replace('{mine}', '我写的'))

    button(texts['ui.conflict.keep']).click()
    await flushPromises()
    expect(form, 'theirs where nothing was typed here, mine where it was').toEqual({ name: '甲', phone: '2', note: '我写的' })
    expect(pageText()).toContain('no conflict')
    await send()
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', body: { note: '我写的', phone: '2', version: 2 } })
    expect([use().problem.value, use().conflict.value]).toEqual([null, null])
  })
})

describe('a refusal of another kind', () => {
  it.each([
    { status: 409, body: { key: 'casework.route.clash', title: '冲突' } },
    { status: 422, body: { key: 'invalid', title: '有误' } },
  ])('is a problem, not a conflict (%o)', async (answer) => {
    server(() => answer)
    const { component, use } = page(async () => second)
    show(component, {})
    await use().saving(async (version) => {
      await api.put('/people/persons/r', { version })
    })
    expect(use().conflict.value).toBeNull()
    expect(use().problem.value).toMatchObject({ key: answer.body.key })
  })

  it('stays the refusal when the newest cannot be read', async () => {
    server(() => stale)
    const { component, use } = page(async () => undefined)
    show(component, {})
    await use().saving(async (version) => {
      await api.put('/people/persons/r', { version })
    })
    expect(use().problem.value).toMatchObject({ key: 'stale', changed: { by: '王主任' } })
  })
})
