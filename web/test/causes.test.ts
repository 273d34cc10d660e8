// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ImportPanel from '../console/src/features/registry/ImportPanel.vue'
import ShippedPage from '../console/src/features/shipped/ShippedPage.vue'
import MessagesPage from '../console/src/features/notify/MessagesPage.vue'
import { en, zh } from './catalogue'
import { button, pageText, server, show } from './face'

beforeEach(() => {
  vi.stubGlobal('scrollTo', () => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})
const settled = async () => {
  await flushPromises()
  await flushPromises()
}

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('the console names the cause (%s)', (lang, texts) => {
  it('of each column of a list of areas that is not read', async () => {
    const column = (head: string, more: object) => ({ file: 'a.csv', head, read: false, ...more })
    const report = {
      rows: 3,
      skipped: 2,
      changed: 0,
      opened: 0,
      unchanged: 3,
      undecided: 0,
      groups: [],
      questions: [],
      follows: [],
      dissolved: 0,
      wider: 0,
      columns: [column('区划代码', { read: true, column: 'code' }), column('备注', { why: 'unknown' })],
    }
    show(
      ImportPanel,
      { list: { id: 'i1', name: 'a.csv', state: 'preview', report, decisions: [], effective: '2026-12-01', version: 1, written: 0 } },
      lang,
    )
    await settled()
    const rows = [...document.querySelectorAll('tbody tr')].map((r) => r.textContent)
    expect(rows[0]).toContain(texts['ui.import.column.code'])
    expect(rows[1]).toContain('备注')
    expect(rows[1]).toContain(texts['ui.roster.columnLeft'])
    expect(rows[1]).toContain('registry.column.unknown')
    expect(pageText()).toContain(texts['ui.import.skipped'].slice(0, 2).replace('{n', '2'))
  })

  it('why something that follows from a shipped text is left to the jobs', async () => {
    const difference = { kind: 'rule', name: 'hall.limit', gone: false, parts: [] }
    server((a) =>
      a.method === 'POST'
        ? { body: { unfinished: { key: 'shipped.unfinished', title: '有的期限未能重新计算' } } }
        : { body: { items: [difference], next: '' } },
    )
    show(ShippedPage, {}, lang)
    await settled()
    button(texts['ui.shipped.keep']).click()
    await settled()
    expect(document.querySelector('.notice[role=alert]')?.textContent).toContain('有的期限未能重新计算')
  })

  it('why a message was withheld', async () => {
    const message = {
      id: 'm1',
      at: 1,
      channel: 'sms',
      purpose: 'x',
      to: '138****0000',
      text: '',
      state: 'withheld',
      tries: 0,
      reason: 'limit 10',
      doneAt: 1,
      mayRetry: false,
    }
    server((a) => ({ body: { items: a.path.startsWith('/notify/messages') ? [message] : [], next: '' } }))
    show(MessagesPage, {}, lang)
    await settled()
    expect(pageText()).toContain('notify.state.withheld')
    expect(pageText()).toContain('limit 10')
  })
})
