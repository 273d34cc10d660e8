// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import InboxFilters from '../console/src/features/casework/InboxFilters.vue'
import MoveDialog from '../console/src/features/casework/MoveDialog.vue'
import PersonDrawer from '../console/src/features/people/PersonDrawer.vue'
import FilePick from '../console/src/kit/FilePick.vue'
import ProblemNotice from '../console/src/kit/ProblemNotice.vue'
import { useSession } from '../console/src/session'
import SignInDialog from '../console/src/shell/SignInDialog.vue'
import DueLine from '../field/src/kit/DueLine.vue'
import MoveForm from '../field/src/kit/MoveForm.vue'
import PhotoPick from '../field/src/kit/PhotoPick.vue'
import { session as fieldSession } from '../field/src/session'
import { Problem } from '../shared/api'
import type { CaseDetail, Move, MoveField, Session } from '../shared/contract'
import { en, zh } from './catalogue'
import { button, pageText, server, show } from './face'

const faces = [
  ['zh', zh],
  ['en', en],
] as const
const settled = async () => {
  await flushPromises()
  await nextTick()
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  vi.stubGlobal('scrollTo', () => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

const field = (name: string, kind: MoveField['kind'], more: Partial<MoveField> = {}): MoveField =>
  ({ name, kind, required: false, max: 0, ...more }) as MoveField
const unit = (id: string, name: string) => ({ id, name, kind: 'station' })
const aCase = (more: Partial<CaseDetail> = {}): CaseDetail =>
  ({
    id: 'c1',
    number: '20261130-320703-00001',
    kind: 'incident',
    state: 'established',
    open: true,
    title: '路灯不亮',
    subjectName: '路灯',
    area: '320703001007',
    version: 3,
    allowed: [],
    parts: [],
    events: [],
    files: [],
    routed: undefined,
    ...more,
  }) as unknown as CaseDetail

describe.each(faces)('the dialog of a step (%s)', (lang, texts) => {
  const dispatch: Move = {
    verb: 'dispatch',
    to: 'dispatched',
    danger: false,
    aside: false,
    fields: [
      field('unit', 'unit', { required: true }),
      field('note', 'text', { required: true, max: 10 }),
      field('choice', 'choice', { options: ['waste'] }),
      field('number', 'number', { max: 60 }),
      field('day', 'day'),
      field('lines', 'lines'),
      field('files', 'files'),
    ],
  } as Move
  const open = (answer: Parameters<typeof server>[0], of = aCase(), move = dispatch) => {
    const asked = server((a) =>
      a.path.startsWith('/registry/bodies') ? { body: { items: [unit('u1', '甲站'), unit('u2', '乙站')], next: '' } } : answer(a),
    )
    const dialog = show(MoveDialog, { of, move }, lang)
    return { asked, dialog }
  }
  const verb = lang === 'zh' ? '派遣' : 'Dispatch'

  it('shows a control for each field that the flow declares', async () => {
    open(() => undefined)
    await settled()
    for (const id of ['move-unit', 'move-note', 'move-number', 'move-day', 'move-lines'])
      expect(document.getElementById(id), id).not.toBeNull()
    expect(document.querySelector('input[type=radio]')).not.toBeNull()
    expect(document.querySelector('input[type=file]')).not.toBeNull()
  })

  it('names what is lacking and sends nothing', async () => {
    const { asked } = open(() => ({ body: aCase() }))
    await settled()
    button(verb).click()
    await settled()
    expect(document.querySelectorAll('.el-form-item.is-error')).toHaveLength(2)
    await vi.waitFor(() => expect(pageText()).toContain(texts['ui.move.required']))
    expect(pageText(), 'a field without a bound takes as many files as any').not.toMatch(/最多 0 个|at most 0/)
    expect(asked.filter((a) => a.method === 'POST')).toEqual([])
  })

  it('proposes the unit of the routes, and sends what was given with the version seen', async () => {
    const { asked } = open(
      () => ({ body: aCase({ version: 4 }) }),
      aCase({ routed: { unit: unit('u2', '乙站'), by: 'route', note: '' } as never }),
    )
    await settled()
    const note = document.getElementById('move-note') as HTMLTextAreaElement
    note.value = ' 请尽快 '
    note.dispatchEvent(new Event('input'))
    button(verb).click()
    await settled()
    expect(asked.find((a) => a.method === 'POST')).toEqual({
      method: 'POST',
      path: '/grid/incidents/c1/dispatch',
      body: { version: 3, unit: 'u2', note: '请尽快' },
    })
  })

  it('shows a refusal with its rule and keeps the form', async () => {
    open(
      (a) =>
        a.method === 'GET'
          ? { body: aCase() }
          : { status: 409, body: { key: 'grid.own', title: '办理人不得自己核查。', rule: { basis: '办法', article: '第九条' } } },
      aCase({ routed: { unit: unit('u1', '甲站'), by: 'route', note: '' } as never }),
    )
    await settled()
    const note = document.getElementById('move-note') as HTMLTextAreaElement
    note.value = '我写的'
    note.dispatchEvent(new Event('input'))
    button(verb).click()
    await settled()
    expect(document.querySelector('[role=alert]')?.textContent).toContain('办理人不得自己核查。')
    expect(pageText()).toContain('第九条')
    expect((document.getElementById('move-note') as HTMLTextAreaElement).value).toBe('我写的')
  })

  it('keeps its words when somebody else was faster, says who did what, and goes on from there', async () => {
    const later = aCase({
      version: 5,
      allowed: [dispatch],
      events: [
        {
          seq: 9,
          verb: 'dispatch',
          to: 'dispatched',
          at: 1_795_000_000_000,
          actor: { name: '王主任', role: '' },
          by: undefined,
          note: '先派了',
          data: {},
          public: true,
        },
      ] as never,
    })
    const { asked } = open(
      (a) =>
        a.method === 'GET'
          ? { body: later }
          : (a.body as { version: number }).version === 5
            ? { body: later }
            : { status: 409, body: { key: 'stale' } },
      aCase({ routed: { unit: unit('u1', '甲站'), by: 'route', note: '' } as never }),
    )
    await settled()
    const note = () => document.getElementById('move-note') as HTMLTextAreaElement
    note().value = '我写的'
    note().dispatchEvent(new Event('input'))
    button(verb).click()
    await settled()
    expect(pageText()).toContain('王主任')
    expect(pageText()).toContain('先派了')
    expect(note().value).toBe('我写的')
    expect(button(verb).disabled, 'not before the newest was looked at').toBe(true)
    button(texts['ui.conflict.keep']).click()
    await settled()
    button(verb).click()
    await settled()
    expect(asked.filter((a) => a.method === 'POST').at(-1)?.body).toMatchObject({ version: 5, note: '我写的' })
  })
})

describe.each(faces)('the form of a step in the field (%s)', (lang, texts) => {
  const done: Move = {
    verb: 'dismiss',
    to: 'dismissed',
    danger: true,
    aside: false,
    fields: [field('note', 'text', { required: true })],
  } as Move

  it('keeps its words after a conflict, also when the step is gone', async () => {
    server((a) =>
      a.method === 'GET'
        ? {
            body: aCase({
              version: 4,
              allowed: [],
              events: [
                { seq: 2, verb: 'dispatch', to: 'dispatched', at: 0, actor: { name: '李四', role: '' }, note: '', data: {} },
              ] as never,
            }),
          }
        : { status: 409, body: { key: 'flow.illegal' } },
    )
    const form = show(MoveForm, { of: aCase(), move: done }, lang)
    await settled()
    await form.find('textarea').setValue('我写的')
    await form.find('form').trigger('submit')
    await settled()
    expect(form.text()).toContain('李四')
    expect(form.text()).toContain(texts['ui.conflict.gone'])
    expect((form.find('textarea').element as HTMLTextAreaElement).value).toBe('我写的')
    expect(form.emitted('stale')).toHaveLength(1)
    expect(form.text()).not.toContain(texts['ui.conflict.keep'])
  })
})

describe.each(faces)('a refusal (%s)', (lang, texts) => {
  it('says the sentence, the fields and the rule', () => {
    show(
      ProblemNotice,
      {
        error: new Problem(422, {
          key: 'x',
          title: '一句话',
          errors: [
            { location: 'name', label: '姓名', message: '太长' },
            { location: 'answers.why', message: '缺少' },
            { location: 'body', message: '整体' },
          ],
          rule: { basis: '法', article: '第三条' },
        }),
      },
      lang,
    )
    expect(document.querySelector('[role=alert]')?.textContent).toMatch(/一句话.*姓名.*太长.*answers\.why.*缺少.*整体/s)
    expect(pageText()).toContain(texts['ui.rule.cited'].replace('{basis}', '法').replace('{article}', '第三条'))
    expect(pageText(), 'no name of the whole body').not.toContain('body')
  })

  it('without a sentence of the server says what the status means', () => {
    show(ProblemNotice, { error: new Problem(0) }, lang)
    expect(pageText()).toContain(texts['ui.error.offline'])
  })
})

describe.each(faces)('a deadline (%s)', (lang, texts) => {
  const at = Date.UTC(2026, 10, 30, 4)
  it.each(['overdue', 'late', 'soon', 'met', 'suspended', 'none'] as const)('is told in words and by more than colour: %s', (state) => {
    const line = show(
      DueLine,
      {
        of: {
          due: { state, unit: 'workday', left: state === 'overdue' ? -2 : 2 },
          dueAt: state === 'none' || state === 'suspended' ? null : at,
          closedAt: null,
        },
      },
      lang,
    )
    expect(line.find('svg').exists()).toBe(true)
    expect(line.text().length).toBeGreaterThan(1)
    expect(line.classes()).toContain(state)
    if (state === 'suspended') expect(line.text()).toBe(texts['ui.due.suspended'])
  })
})

describe.each(faces)('the camera of the field app (%s)', (lang, texts) => {
  it('says that a photo could not be sent and whether the device keeps it, and sends it on request', async () => {
    fieldSession.current = { account: { id: 'a1' } } as Session
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }))
    let reached = false
    server((a) =>
      reached && a.path === '/casework/uploads'
        ? { status: 201, body: { id: 'u1', name: 'a.jpg', size: 1 } }
        : { status: 503, body: { key: 'unavailable', title: '暂时不可用' } },
    )
    const pick = show(
      PhotoPick,
      { modelValue: [], label: '拍照', draft: 'report', 'onUpdate:modelValue': (v: unknown) => void pick.setProps({ modelValue: v }) },
      lang,
    )
    const input = pick.find('input[type=file]').element as HTMLInputElement
    Object.defineProperty(input, 'files', { value: [new File(['x'], 'a.jpg', { type: 'text/plain' })] })
    await pick.find('input[type=file]').trigger('change')
    await settled()
    expect(pick.text()).toContain('暂时不可用')
    // This device (a test's) has no IndexedDB: the notice must not claim that it is kept.
    expect(pick.text()).toContain(texts['ui.field.photoUnkept'].split('{n}')[0]!.slice(0, 6))
    expect(pick.emitted('update:modelValue')).toBeUndefined()
    reached = true
    button(texts['ui.field.photoSend']).click()
    await settled()
    expect(pick.emitted('update:modelValue')?.at(-1)).toEqual([[expect.objectContaining({ id: 'u1' })]])
  })
})

describe.each(faces)('signing in again over the page (%s)', (lang, texts) => {
  const who = (id: string, name: string): Session =>
    ({ account: { id, login: id, name }, next: '', grants: [], permissions: [], scope: [], ended: 0 }) as unknown as Session
  /** A page of account a1 whose session is over, and a server that lets in whom the login names. */
  async function over(next: Session['next'] = '') {
    const asked = server(({ method, path, body }) => {
      if (path === '/session' && method === 'GET') return { status: 401, body: { key: 'unauthenticated' } }
      if (path === '/session' && method === 'DELETE') return { status: 204 }
      if (path === '/session')
        return (body as { password: string }).password === 'wrong'
          ? { status: 401, body: { key: 'access.wrong', title: '用户名或密码不对' } }
          : { body: { ...who((body as { login: string }).login, (body as { login: string }).login), next } }
      if (path === '/session/second') return { body: who('a1', 'a1') }
      return undefined
    })
    const dialog = show(SignInDialog, {}, lang)
    const session = useSession()
    session.enter(who('a1', '张三'))
    const answer = session.askAgain()
    await settled()
    return { asked, dialog, session, answer }
  }
  const type = (id: string, value: string) => {
    const input = document.getElementById(id) as HTMLInputElement
    input.value = value
    input.dispatchEvent(new Event('input'))
  }
  const submit = async () => {
    document.querySelector('.el-dialog form')!.dispatchEvent(new Event('submit', { cancelable: true }))
    await settled()
  }

  it('goes on with the same account, and shows a wrong password as a refusal', async () => {
    const { session, answer } = await over()
    type('login', 'a1')
    type('password', 'wrong')
    await submit()
    expect(document.querySelector('[role=alert]')?.textContent).toContain('用户名或密码不对')
    expect(session.over).toBe(true)
    type('password', 'right')
    await submit()
    expect(await answer).toBe(true)
    expect(session.over).toBe(false)
  })

  it('asks for the second factor as the sign-in page does, and never takes the page away meanwhile', async () => {
    const { session, answer } = await over('second')
    type('login', 'a1')
    type('password', 'right')
    await submit()
    expect(pageText()).toContain(texts['ui.second.title'])
    expect(session.current?.account.id).toBe('a1')
    type('code', '123456')
    await submit()
    expect(await answer).toBe(true)
  })

  it('does not go on as another account: it signs out again, or loads the page anew', async () => {
    const { session, asked } = await over()
    type('login', 'b2')
    type('password', 'right')
    await submit()
    expect(document.querySelector('[role=alert]')?.textContent).toContain('b2')
    expect(session.over).toBe(true)
    expect(session.current?.account.id).toBe('a1')
    button(texts['ui.again.back'].replace('{name}', session.current!.account.name)).click()
    await settled()
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/session' })
    expect(document.getElementById('password')).not.toBeNull()
  })
})

describe.each(faces)('the filters of the inbox (%s)', (lang, texts) => {
  const open = (asked: Record<string, string>) => {
    server((a) =>
      a.path.startsWith('/flows')
        ? { body: { items: [{ name: 'grid.incident', states: [{ state: 'dispatched' }] }], next: '' } }
        : { body: { items: [], next: '' } },
    )
    return show(InboxFilters, { asked }, lang)
  }

  it('ask for words without blanks around them, and for none when the field is empty', async () => {
    const filters = open({})
    await filters.find('input[placeholder]:not([readonly])').exists()
    const words = filters.findAll('input').find((i) => i.attributes('aria-label') === texts['ui.inbox.words'])!
    await words.setValue('  路灯 ')
    await filters.find('form').trigger('submit')
    await words.setValue('   ')
    await filters.find('form').trigger('submit')
    expect(filters.emitted('ask')).toEqual([[{ q: '路灯' }], [{ q: undefined }]])
  })

  it('offer states of a kind alone, and take everything back at once', async () => {
    const filters = open({})
    await settled()
    expect(filters.html()).not.toContain(texts['ui.case.state'])
    expect(filters.text()).not.toContain(texts['ui.inbox.clear'])
    await filters.setProps({ asked: { kind: 'incident', q: '灯', channel: 'portal' } })
    await settled()
    expect(filters.html()).toContain(texts['ui.case.state'])
    button(texts['ui.inbox.clear']).click()
    const cleared = filters.emitted('ask')!.at(-1)![0] as Record<string, unknown>
    for (const name of ['kind', 'state', 'area', 'q', 'subject', 'unit', 'handler', 'channel', 'from', 'to', 'overdue', 'low'])
      expect(cleared, name).toHaveProperty(name, undefined)
  })
})

describe.each(faces)('a person on a roster (%s)', (lang, texts) => {
  it('shows where else the same identity number stands, and opens it', async () => {
    const person = {
      id: 'p1',
      name: '张*',
      phone: '',
      idNumber: '',
      address: '',
      email: '',
      area: '1',
      areaName: '甲社区',
      state: 'active',
      roster: true,
      version: 1,
      tags: [],
      with: [],
      household: '',
      same: [{ id: 'p2', name: '张*', area: '320703001008', state: 'active' }],
    }
    server((a) =>
      a.path === '/people/persons/p1'
        ? { body: person }
        : a.path === '/registry/areas/320703001008'
          ? { body: { code: '320703001008', name: '乙社区', path: [] } }
          : a.path.endsWith('/looks')
            ? { body: { items: [], next: '' } }
            : undefined,
    )
    const drawer = show(PersonDrawer, { id: 'p1' }, lang)
    await settled()
    expect(pageText()).toContain(texts['ui.people.same'])
    expect(pageText()).toContain('乙社区')
    button('张*').click()
    expect(drawer.emitted('open')).toEqual([['p2']])
  })
})

describe.each(faces)('files that are chosen together (%s)', (lang, texts) => {
  it('are sent each by itself: one that is refused holds up no other and is named', async () => {
    let n = 0
    server((a) => {
      const file = (a.body as FormData).get('file') as File
      return file.name.endsWith('.HEIC')
        ? { status: 422, body: { key: 'invalid', title: '有误', errors: [{ location: 'file', message: 'HEIC 照片' }] } }
        : { status: 201, body: { id: `u${++n}`, name: file.name, size: 1 } }
    })
    const pick = show(
      FilePick,
      { modelValue: [], label: '照片', max: 3, 'onUpdate:modelValue': (v: unknown) => void pick.setProps({ modelValue: v }) },
      lang,
    )
    const chosen = ['a.pdf', 'IMG_1.HEIC', 'b.pdf', 'c.pdf', 'd.pdf'].map((name) => new File(['x'], name, { type: 'application/pdf' }))
    Object.defineProperty(pick.find('input').element, 'files', { value: chosen })
    await pick.find('input').trigger('change')
    await settled()
    expect((pick.emitted('update:modelValue')!.at(-1)![0] as { name: string }[]).map((f) => f.name)).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
    expect(pick.text()).toContain('HEIC 照片')
    expect(pick.text()).toContain(texts['ui.file.left'].replace('{names}', ['IMG_1.HEIC', 'd.pdf'].join(texts['ui.list.comma'])))
  })
})
