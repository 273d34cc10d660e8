import { afterEach, describe, expect, it, vi } from 'vitest'
import { actFor, address, api, keyOf, newClientKey, present, Problem, whenSignedOut } from '../shared/api'
import { sentence } from '../shared/problem'
import { zh } from './catalogue'

const texts: Record<string, string> = { ...zh, 'error.known': '已知的拒绝。' }
const t = (key: string) => texts[key] ?? `?${key}`
const te = (key: string) => key in texts
const answer = (status: number, body: unknown) =>
  vi.stubGlobal('fetch', async () => new Response(body === undefined ? null : JSON.stringify(body), { status }))

afterEach(() => vi.unstubAllGlobals())

describe('refusals', () => {
  it('carry key, sentence, fields and citation', async () => {
    answer(422, {
      key: 'registry.member.supervisor_is_executive',
      title: '监事会成员不得兼任。',
      status: 422,
      errors: [{ location: 'name', message: '请另选他人。' }],
      rule: { key: 'r', basis: '村民委员会组织法', article: '第三十二条' },
    })
    const problem = await api.post('/registry/bodies/b/members', {}).catch((e: unknown) => e as Problem)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({
      status: 422,
      key: 'registry.member.supervisor_is_executive',
      errors: [{ message: '请另选他人。' }],
      rule: { article: '第三十二条' },
    })
    expect(sentence(problem, t, te)).toBe('监事会成员不得兼任。')
  })

  it.each([
    [new Problem(0), zh['ui.error.offline']],
    [new Problem(403), zh['ui.error.forbidden']],
    [new Problem(404), zh['ui.error.notFound']],
    [new Problem(413), zh['ui.error.tooLarge']],
    [new Problem(502, { title: 'Bad Gateway' }), zh['ui.error.server']],
    [new Problem(422, { key: 'known' }), '已知的拒绝。'],
    [new Problem(422, { key: 'never.heard.of' }), zh['ui.error.refused']],
    [new TypeError('x is undefined'), zh['ui.error.unexpected']],
  ])('%s become a sentence that says what to do', (error, text) => {
    expect(sentence(error, t, te)).toBe(text)
  })

  it('have a key for every status', () => {
    for (const status of [0, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503]) expect(te(keyOf(status))).toBe(true)
  })

  it('of a page that is not JSON are a refusal all the same', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
    await expect(api.get('/site')).rejects.toMatchObject({ status: 502, key: 'ui.error.server' })
  })

  it('without a network say so', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch')
    })
    await expect(api.get('/site')).rejects.toMatchObject({ status: 0, key: 'ui.error.offline' })
  })
})

describe('an ended session', () => {
  /** A server where the session is over until somebody signs in; it counts what it was asked. */
  function server() {
    const asked: string[] = []
    const state = { over: true }
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${url} ${(init.headers as Record<string, string>)['Linli-Account'] ?? ''}`.trim())
      return state.over
        ? new Response(JSON.stringify({ key: 'unauthenticated' }), { status: 401 })
        : new Response(JSON.stringify({ items: [] }))
    })
    return { asked, state }
  }
  afterEach(() => {
    whenSignedOut(async () => false)
    actFor('')
  })

  it('is asked for once, however many requests it refuses, and each of them is sent again', async () => {
    const { asked, state } = server()
    const ask = vi.fn(async () => {
      state.over = false
      return true
    })
    whenSignedOut(ask)
    const answers = await Promise.all([api.get('/casework/inbox'), api.post('/people/persons/1/move', { note: 'typed' })])
    expect(answers).toEqual([{ items: [] }, { items: [] }])
    expect(ask).toHaveBeenCalledOnce()
    expect(asked.filter((a) => a.startsWith('POST'))).toHaveLength(2)
  })

  it('refuses for good when nobody signs in again, and asks anew the next time', async () => {
    server()
    const ask = vi.fn(async () => false)
    whenSignedOut(ask)
    await expect(api.get('/casework/inbox')).rejects.toMatchObject({ status: 401 })
    await expect(api.get('/casework/inbox')).rejects.toMatchObject({ status: 401 })
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('holds what is sent while the question stands', async () => {
    const { asked, state } = server()
    let answer: (entered: boolean) => void = () => {}
    whenSignedOut(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    const first = api.get('/casework/inbox')
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    await new Promise((r) => setTimeout(r))
    const second = api.get('/casework/views')
    await api.get('/session').catch(() => {})
    expect(asked).toEqual(['GET /api/v1/casework/inbox', 'GET /api/v1/session'])
    state.over = false
    answer(true)
    await Promise.all([first, second])
    expect(asked.slice(2).sort()).toEqual(['GET /api/v1/casework/inbox', 'GET /api/v1/casework/views'])
  })

  it('is no matter of the doors by which a session begins', async () => {
    server()
    const ask = vi.fn(async () => true)
    whenSignedOut(ask)
    for (const door of ['/session', '/session/second', '/session/passkey', '/session/passkey/ask'] as const)
      await api.post(door).catch(() => {})
    expect(ask).not.toHaveBeenCalled()
  })

  it('is known by the account whose page sends', async () => {
    const { asked, state } = server()
    state.over = false
    actFor('a1')
    await api.get('/casework/inbox')
    await api.post('/session', {})
    expect(asked).toEqual(['GET /api/v1/casework/inbox a1', 'POST /api/v1/session'])
  })
})

describe('requests', () => {
  it('leave out what is not asked for and escape the rest', () => {
    expect(address('/casework/cases', { view: 'all', q: 'a b&c', kind: undefined, cursor: '' })).toBe(
      '/api/v1/casework/cases?view=all&q=a+b%26c',
    )
  })

  it('answered with nothing give nothing', async () => {
    answer(204, undefined)
    expect(await api.delete('/session')).toBeUndefined()
  })

  it('have keys that do not repeat', () => {
    expect(new Set(Array.from({ length: 50 }, newClientKey)).size).toBe(50)
  })
})

describe('before a link to a file', () => {
  it.each([
    [200, true, 0],
    [401, true, 1],
    [401, false, 1],
  ])('a session (%i) is asked for: %s', async (status, entered, questions) => {
    answer(status, {})
    const ask = vi.fn(async () => entered)
    whenSignedOut(ask)
    expect(await present()).toBe(entered)
    expect(ask).toHaveBeenCalledTimes(questions)
  })
})
