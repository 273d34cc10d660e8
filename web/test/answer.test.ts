// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import AnswerForm from '../console/src/features/sending/AnswerForm.vue'
import type { AnswerDetail } from '../console/src/features/sending/queries'
import { button, pageText, server, show } from './face'
import { zh } from './catalogue'

const question = (key: string, answer: string) => ({
  field: { key, label: `第${key}项`, kind: 'text', required: true, group: '', max: 50 },
  answer,
  mark: '',
  why: '',
})
const told = (version: number, a: string, b: string) =>
  ({
    id: 'n1',
    sending: 's1',
    version,
    prefilled: 0,
    files: [],
    questions: [question('a', a), question('b', b)],
  }) as unknown as AnswerDetail
const stale = { status: 409, body: { key: 'stale', title: '这条记录刚刚被别人修改过。' } }
const type = async (key: string, text: string) => {
  const input = document.querySelector<HTMLInputElement>(`[data-key=${key}] input`)!
  input.value = text
  input.dispatchEvent(new Event('input'))
  await flushPromises()
}
const save = async () => {
  button('exchange.answer.verb.save').click()
  await flushPromises()
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('an answer that two people fill in', () => {
  it('is saved over the version that came back, and sends nothing that did not change', async () => {
    let version = 1
    const asked = server(({ method }) => (method === 'PUT' ? { body: told(++version, '1', '') } : { body: told(version, '1', '') }))
    show(AnswerForm, { answer: told(1, '', '') })
    await type('a', '1')
    await save()
    await save()
    await type('b', '2')
    await save()
    expect(asked.filter((r) => r.method === 'PUT').map((r) => r.body)).toEqual([
      { version: 1, answers: { a: '1' }, marks: {}, why: {} },
      { version: 2, answers: { a: '1', b: '2' }, marks: {}, why: {} },
    ])
  })

  it('keeps what both typed, each at another question', async () => {
    const asked = server(({ method, body }) =>
      method === 'PUT' ? ((body as { version: number }).version === 2 ? { body: told(3, '1', '2') } : stale) : { body: told(2, '', '2') },
    )
    show(AnswerForm, { answer: told(1, '', '') })
    await type('a', '1')
    await save()
    expect(pageText()).toContain('第b项')
    button(zh['ui.conflict.keep']).click()
    await flushPromises()
    await save()
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', body: { version: 2, answers: { a: '1', b: '2' } } })
  })
})
