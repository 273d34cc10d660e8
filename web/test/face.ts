/** Mounts a component of a face as it stands on a page: texts, session, queries, controls; the server is a function. */
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount, type VueWrapper } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { createPinia } from 'pinia'
import { vi } from 'vitest'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { countCharacters } from '../console/src/kit/characters'
import * as texts from './catalogue'
import { addTexts, createTexts, ownTexts, type Language } from '../shared/i18n'

/** What the server's own catalogue says, of which tests need a few. */
const served: Record<Language, Record<string, string>> = {
  zh: {
    'grid.incident.verb.dispatch': '派遣',
    'grid.incident.verb.dismiss': '不予立案',
    'grid.incident.state.dispatched': '已派遣',
    'grid.incident.state.dismissed': '不予立案',
    'grid.incident.field.note': '说明',
    'grid.incident.did.dispatch': '已派遣',
    'grid.incident.choice.waste': '垃圾',
    'registry.body.station': '服务站',
  },
  en: {
    'grid.incident.verb.dispatch': 'Dispatch',
    'grid.incident.verb.dismiss': 'Dismiss',
    'grid.incident.state.dispatched': 'dispatched',
    'grid.incident.state.dismissed': 'dismissed',
    'grid.incident.field.note': 'Note',
    'grid.incident.did.dispatch': 'Dispatched',
    'grid.incident.choice.waste': 'Waste',
    'registry.body.station': 'Station',
  },
}

export interface Asked {
  method: string
  path: string
  body: unknown
}
type Reply = { status?: number; body?: unknown }

/** A server that answers by function; asked lists what reached it. */
export function server(answer: (asked: Asked) => Reply | undefined) {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const request = {
      method: init.method ?? 'GET',
      path: String(url).replace('/api/v1', ''),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : init.body,
    }
    asked.push(request)
    const { status = 200, body = {} } = answer(request) ?? { status: 404, body: { key: 'not_found', title: '没有找到' } }
    return new Response(status === 204 ? null : JSON.stringify(body), { status })
  })
  return asked
}

const plain = (tag: string) => ({
  inheritAttrs: false,
  setup:
    (_: object, { attrs, slots }: { attrs: object; slots: { default?: () => unknown } }) =>
    () =>
      h(tag, attrs, slots.default?.() as never),
})

addTexts({ zh: async () => ({ default: texts.zh }), en: async () => ({ default: texts.en }) })
const own = { zh: await ownTexts('zh'), en: await ownTexts('en') }

countCharacters()

export function show(component: Component, props: Record<string, unknown>, lang: Language = 'zh'): VueWrapper {
  localStorage.setItem('ll.lang', lang)
  document.cookie = `lang=${lang}`
  const i18n = createTexts()
  for (const l of ['zh', 'en'] as const) i18n.global.setLocaleMessage(l, { ...served[l], ...own[l] })
  i18n.global.locale.value = lang
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/sign-in', name: 'sign-in', component: { template: '<div />' } },
      { path: '/cases/:id', name: 'case', component: { template: '<div />' } },
      { path: '/:rest(.*)*', name: 'any', component: { template: '<div />' } },
    ],
  })
  return mount(component, {
    props,
    attachTo: document.body,
    global: {
      plugins: [
        i18n,
        createPinia(),
        ElementPlus,
        router,
        [VueQueryPlugin, { queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }) }],
      ],
      // Vant's button is put in place when the field app is built.
      components: {
        VanButton: {
          inheritAttrs: false,
          setup:
            (_: object, { attrs, slots }) =>
            () =>
              h(
                'button',
                {
                  type: (attrs as { nativeType?: string; 'native-type'?: string })['native-type'] ?? 'button',
                  disabled: attrs.disabled as boolean,
                  onClick: attrs.onClick as never,
                },
                slots.default?.(),
              ),
        },
        VanImagePreview: plain('div'),
      },
      stubs: { transition: false, teleport: false },
    },
  })
}

/** The visible button of that name, wherever on the page it stands. */
export function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].filter((b) => b.textContent?.trim() === name)
  if (!found.length)
    throw new Error(`no button ${name}: ${[...document.querySelectorAll('button')].map((b) => b.textContent?.trim()).join(' | ')}`)
  return found.at(-1)!
}

export const pageText = (): string => document.body.textContent ?? ''
