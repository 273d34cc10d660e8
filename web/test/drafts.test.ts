// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, type Component } from 'vue'
import AppealDialog from '../console/src/features/casework/AppealDialog.vue'
import FollowUpsPage from '../console/src/features/casework/FollowUpsPage.vue'
import NoticePage from '../console/src/features/notice/NoticePage.vue'
import RequestsPage from '../console/src/features/people/RequestsPage.vue'
import ResidentForm from '../console/src/features/people/ResidentForm.vue'
import BodyForm from '../console/src/features/registry/BodyForm.vue'
import { keepDraftsOf } from '../console/src/kit/drafts'
import { en, zh } from './catalogue'
import { button, pageText, server, show, type Asked } from './face'

const settled = async () => {
  await flushPromises()
  await nextTick()
  await flushPromises()
}
beforeEach(() => {
  sessionStorage.clear()
  keepDraftsOf('a1')
  vi.stubGlobal('scrollTo', () => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  sessionStorage.clear()
})

const move = (verb: string) => ({
  verb,
  to: 'x',
  danger: false,
  aside: false,
  fields: [{ name: 'note', kind: 'text', required: true, max: 500 }],
})
const aCase = { id: 'c1', number: '1', kind: 'incident', title: '路灯', subjectName: '路灯', areaPath: [], events: [], readable: true }
const followUp = {
  case: aCase,
  seq: 1,
  level: 1,
  state: 'opened',
  steps: [],
  allowed: [move('contact')],
  openedAt: 1,
  contactDue: 1,
  rectifyDue: 1,
  late: false,
  version: 1,
}
const request = {
  id: 'q1',
  personId: 'p1',
  person: { name: '张*', phone: '' },
  kind: 'correct',
  state: 'open',
  channel: 'window',
  note: '',
  askedAt: 1,
  dueAt: 1,
  version: 1,
}
const edition = {
  edition: 1,
  state: 'submitted',
  titles: { zh: '公告' },
  body: { zh: '内容' },
  areas: [],
  places: [],
  files: [],
  kind: 'other',
  from: '2026-01-01',
  issuer: '',
  writer: '',
}
const notice = { id: 'n1', editions: [edition], events: [], rounds: [], allowed: [{ ...move('return'), version: 1 }], editable: false }

const list = (item: object) => (a: Asked) => (a.path.startsWith('/registry') ? { body: {} } : { body: { items: [item], next: '' } })

interface Form {
  of: Component
  props?: object
  answer: (a: Asked) => { body?: unknown } | undefined
  open?: string
  field: string
}
const forms: Record<string, Form> = {
  'an appeal': {
    of: AppealDialog,
    props: { of: { case: aCase, seq: 1, version: 1 }, move: move('decline') },
    answer: () => undefined,
    field: '#appeal-note',
  },
  'a follow-up': { of: FollowUpsPage, answer: list(followUp), open: 'casework.followup.verb.contact', field: '#followup-note' },
  "a resident's request": { of: RequestsPage, answer: list(request), open: 'ui.requests.answer', field: 'textarea' },
  'a step of a notice': {
    of: NoticePage,
    props: { id: 'n1' },
    answer: () => ({ body: notice }),
    open: 'notice.notice.verb.return',
    field: '#notice-note',
  },
  'a resident': { of: ResidentForm, answer: () => undefined, field: '#re-address' },
  'a body': {
    of: BodyForm,
    props: { area: { code: '320703001', level: 4, name: '街道' } },
    answer: () => undefined,
    field: '#body-address',
  },
}

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('what was typed before the tab crashed (%s)', (lang, texts) => {
  it.each(Object.entries(forms))('stands again in the form of %s, until it is thrown away', async (_, form) => {
    server(form.answer)
    const open = async () => {
      const page = show(form.of, { ...form.props }, lang)
      await settled()
      if (form.open) button((texts as Record<string, string>)[form.open] ?? form.open).click()
      await settled()
      return page
    }
    const field = () => [...document.querySelectorAll<HTMLInputElement>(form.field)].at(-1)!
    const page = await open()
    field().value = '打了一半的话'
    field().dispatchEvent(new Event('input'))
    await settled()
    page.unmount() // nothing asks: as a crash
    document.body.innerHTML = ''

    await open()
    expect(field().value).toBe('打了一半的话')
    expect(pageText()).toContain(texts['ui.draft.restored'])
    button(texts['ui.draft.anew']).click()
    await settled()
    expect(field().value).toBe('')
    expect(Object.keys(sessionStorage).filter((k) => k.startsWith('ll.draft.'))).toEqual([])
  })
})

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('what was typed over a record that somebody has changed since (%s)', (lang, texts) => {
  const area = { code: '320703001', level: 4, name: '街道' }
  const body = (more: object) => ({
    id: 'b1',
    kind: 'station',
    name: '服务站',
    phone: '1',
    address: '旧路1号',
    hours: [],
    version: 1,
    ...more,
  })
  const field = (id: string) => document.getElementById(id) as HTMLInputElement
  const kept = () => Object.keys(sessionStorage).filter((k) => k.startsWith('ll.draft.'))
  const type = async (id: string, text: string) => {
    field(id).value = text
    field(id).dispatchEvent(new Event('input'))
    await settled()
  }
  const open = async (of: object) => {
    document.body.innerHTML = ''
    const form = show(BodyForm, { area, body: of }, lang)
    await settled()
    return form
  }
  const crashed = async () => {
    server(() => undefined)
    const form = await open(body({}))
    await type('body-address', '我写的路2号')
    form.unmount() // nothing asks: as a crash
  }

  it('is offered with what changed, and taken over leaves the rest as it is now', async () => {
    await crashed()
    await open(body({ version: 2, phone: '2' }))
    expect(field('body-address').value, 'not before somebody says so').toBe('旧路1号')
    expect(pageText()).toContain(texts['ui.draft.older'])
    expect(pageText()).toContain(texts['ui.conflict.change'].replace('{was}', '1').replace('{now}', '2'))
    button(texts['ui.draft.take']).click()
    await settled()
    expect(field('body-address').value).toBe('我写的路2号')
    expect(field('body-phone').value).toBe('2')
    expect(pageText()).not.toContain(texts['ui.draft.older'])
    expect(pageText()).toContain(texts['ui.draft.restored'])
  })

  it('says where both changed the same, and what was typed counts', async () => {
    await crashed()
    await open(body({ version: 3, address: '新路9号' }))
    expect(pageText()).toContain('新路9号')
    expect(pageText()).toContain(texts['ui.conflict.mine'].replace('{mine}', '我写的路2号'))
    button(texts['ui.draft.take']).click()
    await settled()
    expect(field('body-address').value).toBe('我写的路2号')
  })

  it('outlives another crash while it is offered, and typing beside it', async () => {
    await crashed()
    const form = await open(body({ version: 2, phone: '2' }))
    await type('body-phone', '33')
    form.unmount()
    expect(kept()).toHaveLength(2)
  })

  it('is gone when it is discarded', async () => {
    await crashed()
    await open(body({ version: 2, phone: '2' }))
    button(texts['ui.draft.drop']).click()
    await settled()
    expect(pageText()).not.toContain(texts['ui.draft.older'])
    expect(field('body-address').value).toBe('旧路1号')
    expect(kept()).toEqual([])
  })

  it('stands in the form again where nothing that it shows has changed', async () => {
    await crashed()
    await open(body({ version: 2 }))
    expect(field('body-address').value).toBe('我写的路2号')
    expect(pageText()).toContain(texts['ui.draft.restored'])
    expect(pageText()).not.toContain(texts['ui.draft.older'])
  })
})
