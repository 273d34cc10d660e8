// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, reactive } from 'vue'
import { keepDraftsOf } from '../console/src/kit/drafts'
import RecordNotices from '../console/src/kit/RecordNotices.vue'
import { useRecordPage } from '../console/src/kit/useRecordPage'
import { api } from '../shared/api'
import { zh } from './catalogue'
import { button, pageText, server, show } from './face'

interface Text {
  version: number
  title: string
  body: string
}
const stale = { status: 409, body: { key: 'stale', title: '这条记录刚刚被别人修改过。', changed: { by: '王主任', at: 1_795_000_000_000 } } }

/** A page that writes the text `id`, or a new one. */
function page(id?: string) {
  const form = reactive({ title: '', body: '' })
  let use!: ReturnType<typeof useRecordPage<Text, typeof form>>
  const view = show(
    defineComponent(() => {
      use = useRecordPage<Text, typeof form>({
        id: () => id,
        ask: (id) => api.get<Text>(`/hall/items/${id}` as '/hall/items/{code}'),
        form,
        read: ({ title, body }) => ({ title, body }),
        draft: 'text',
      })
      return () => h(RecordNotices, { page: use })
    }),
    {},
  )
  const save = () => use.send((version) => api.put<Text>('/hall/items/r' as '/hall/items/{code}', { ...form, version }))
  return { form, save, use, view }
}

beforeEach(() => {
  sessionStorage.clear()
  keepDraftsOf('a1')
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  sessionStorage.clear()
})

describe('a page that writes one record', () => {
  it('sends over the version that it read, and shows what was kept of it', async () => {
    const asked = server(({ method }) => ({
      body: method === 'PUT' ? { version: 2, title: '停水', body: '明天' } : { version: 1, title: '停水', body: '今天' },
    }))
    const { form, save, use } = page('r')
    await flushPromises()
    expect([form.body, use.dirty()]).toEqual(['今天', false])
    form.body = ' 明天 '
    expect(use.dirty()).toBe(true)
    await save()
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', body: { version: 1, body: ' 明天 ' } })
    expect([form.body, use.dirty(), Object.keys(sessionStorage)]).toEqual(['明天', false, []])
    form.title = '停电'
    await save()
    expect(asked.at(-1)).toMatchObject({ body: { version: 2 } })
  })

  it('leaves what was typed while it was sent', async () => {
    let typed: () => unknown = () => undefined
    server(({ method }) => {
      if (method === 'PUT') typed()
      return { body: { version: method === 'PUT' ? 2 : 1, title: '停水', body: '明天' } }
    })
    const p = page('r')
    typed = () => (p.form.body = '后天')
    await flushPromises()
    await p.save()
    expect([p.form.body, p.use.dirty(), p.use.of.value?.version]).toEqual(['后天', true, 2])
  })

  it('goes on from a conflict with what was typed', async () => {
    let newest: Text = { version: 1, title: '停水', body: '今天' }
    const asked = server(({ method, body }) =>
      method !== 'PUT' ? { body: newest } : (body as Text).version === newest.version ? { body: { ...(body as Text), version: 3 } } : stale,
    )
    const { form, save, use } = page('r')
    await flushPromises()
    form.body = '明天'
    newest = { version: 2, title: '停电', body: '今天' }
    await save()
    await flushPromises()
    expect(pageText()).toContain('王主任')
    button(zh['ui.conflict.keep']).click()
    await flushPromises()
    expect([form, use.of.value?.version]).toEqual([{ title: '停电', body: '明天' }, 2])
    await save()
    expect(asked.at(-1)).toMatchObject({ body: { version: 2, title: '停电', body: '明天' } })
    expect(Object.keys(sessionStorage)).toEqual([])
  })

  it('puts back what was typed before a crash, and offers what was typed over an older version', async () => {
    server(() => ({ body: { version: 1, title: '停水', body: '今天' } }))
    const first = page('r')
    await flushPromises()
    first.form.body = '明天'
    const again = page('r')
    await flushPromises()
    expect([again.form.body, again.use.restored.value]).toEqual(['明天', true])
    server(() => ({ body: { version: 2, title: '停电', body: '今天' } }))
    const later = page('r')
    await flushPromises()
    expect([later.form.body, later.use.restored.value]).toEqual(['今天', false])
    later.use.takeOlder()
    expect(later.form).toEqual({ title: '停电', body: '明天' })
  })

  it('keeps a new record as a draft without an id', async () => {
    server(() => undefined)
    const first = page()
    first.form.title = '停水'
    expect(page().form.title).toBe('停水')
  })
})
