// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import SetUpPage from '../console/src/features/access/SetUpPage.vue'
import { en, zh } from './catalogue'
import { pageText, server, show } from './face'

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('a link that the server printed (%s)', (lang, texts) => {
  it.each([
    [true, 'ui.setup.titleRecovers', 'ui.setup.doRecovers'],
    [false, 'ui.setup.title', 'ui.setup.do'],
  ] as const)('says what it is for (recovers: %s)', async (recovers, title, does) => {
    server(() => ({ body: { role: 'auditor', recovers } }))
    show(SetUpPage, {}, lang)
    await flushPromises()
    expect(document.querySelector('h1')?.textContent).toBe(texts[title])
    expect(document.querySelector('button[type=submit]')?.textContent?.trim()).toBe(texts[does])
  })

  it('says that it no longer works', async () => {
    server(() => ({ status: 404, body: { key: 'not_found' } }))
    show(SetUpPage, {}, lang)
    await flushPromises()
    expect(document.querySelector('h1')?.textContent).toBe(texts['ui.setup.titleDead'])
    expect(pageText()).toContain(texts['ui.setup.dead'])
  })
})
