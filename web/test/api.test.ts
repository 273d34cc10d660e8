import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, api, keyOf, newClientKey, Problem, whenSignedOut } from '../shared/api'
import { sentence } from '../shared/problem'
import zh from '../shared/texts/zh.json'

const texts: Record<string, string> = { ...zh, 'error.known': '已知的拒绝。' }
const t = (key: string) => texts[key] ?? `?${key}`
const te = (key: string) => key in texts
const answer = (status: number, body: unknown) =>
  vi.stubGlobal('fetch', async () => new Response(body === undefined ? null : JSON.stringify(body), { status }))

afterEach(() => vi.unstubAllGlobals())

describe('refusals', () => {
  it('carry key, sentence, fields and citation', async () => {
    answer(422, {
      key: 'registry.member.supervisor_is_executive', title: '监事会成员不得兼任。', status: 422,
      errors: [{ location: 'name', message: '请另选他人。' }], rule: { key: 'r', basis: '村民委员会组织法', article: '第三十二条' },
    })
    const problem = await api.post('/registry/bodies/b/members', {}).catch((e: unknown) => e as Problem)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ status: 422, key: 'registry.member.supervisor_is_executive', errors: [{ message: '请另选他人。' }], rule: { article: '第三十二条' } })
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
    vi.stubGlobal('fetch', async () => { throw new TypeError('Failed to fetch') })
    await expect(api.get('/site')).rejects.toMatchObject({ status: 0, key: 'ui.error.offline' })
  })
})

describe('an ended session', () => {
  it('is told once anything but the session itself answers 401', async () => {
    const ended = vi.fn()
    whenSignedOut(ended)
    answer(401, { key: 'unauthenticated' })
    await api.get('/session').catch(() => {})
    expect(ended).not.toHaveBeenCalled()
    await api.get('/casework/inbox').catch(() => {})
    expect(ended).toHaveBeenCalledOnce()
  })
})

describe('requests', () => {
  it('leave out what is not asked for and escape the rest', () => {
    expect(address('/casework/cases', { view: 'all', q: 'a b&c', kind: undefined, cursor: '' })).toBe('/api/v1/casework/cases?view=all&q=a+b%26c')
  })

  it('answered with nothing give nothing', async () => {
    answer(204, undefined)
    expect(await api.delete('/session')).toBeUndefined()
  })

  it('have keys that do not repeat', () => {
    expect(new Set(Array.from({ length: 50 }, newClientKey)).size).toBe(50)
  })
})
