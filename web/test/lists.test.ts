// @vitest-environment happy-dom
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick } from 'vue'
import { createRouter, createWebHistory, RouterView, type Router } from 'vue-router'
import ListPage from '../console/src/kit/ListPage.vue'
import { useListPage } from '../console/src/kit/useListPage'
import { createTexts } from '../shared/i18n'
import { Problem } from '../shared/api'
import { en, zh } from './catalogue'

const root = join(__dirname, '../console/src')
const vueFiles = (folder: string): string[] =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    return statSync(join(root, path)).isDirectory() ? vueFiles(path) : name.endsWith('.vue') ? [path] : []
  })
const settled = async () => {
  for (let i = 0; i < 4; i++) {
    await flushPromises()
    await nextTick()
  }
}

type Row = { id: string }
let asked: { filters: object; cursor?: string }[] = []
let answer: (filters: { state: string }, cursor?: string) => Row[] | Error = () => []
const pages = 3

function useRows() {
  return useListPage({
    key: ['rows'],
    filters: { state: 'open', q: '', low: false as boolean },
    values: { state: ['open', 'done'] },
    read: async (filters, cursor) => {
      asked.push({ filters, cursor })
      const rows = answer(filters, cursor)
      if (rows instanceof Error) throw rows
      const at = Number(cursor ?? 1)
      return { items: rows, next: at < pages && rows.length ? String(at + 1) : '' }
    },
  })
}
let list!: ReturnType<typeof useRows>
const Rows = defineComponent(() => {
  list = useRows()
  return () =>
    h(
      ListPage,
      { title: 'Rows', list, none: 'nothing', noneHint: 'yet', file: '/api/v1/rows/export' },
      {
        filters: () => h('input', { id: 'q' }),
        default: () =>
          h(
            'table',
            h(
              'tbody',
              list.rows.map((r) => h('tr', { key: r.id }, h('td', h('button', { id: r.id, onClick: () => (list.opened = r.id) }, r.id)))),
            ),
          ),
        beside: () => list.opened && h('aside', list.opened),
      },
    )
})
let router!: Router
let page!: VueWrapper

async function open(address: string, lang: 'zh' | 'en' = 'zh') {
  const i18n = createTexts()
  i18n.global.setLocaleMessage(lang, lang === 'zh' ? zh : en)
  i18n.global.locale.value = lang
  router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/rows', name: 'rows', component: Rows },
      { path: '/other', component: { template: '<p>other</p>' } },
    ],
  })
  await router.push(address)
  page = mount(RouterView, {
    attachTo: document.body,
    global: {
      plugins: [
        i18n,
        router,
        ElementPlus,
        [VueQueryPlugin, { queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }) }],
      ],
    },
  })
  await settled()
}
const rows = (n: number, cursor = '1') => Array.from({ length: n }, (_, i) => ({ id: `r${cursor}-${i}` }))
const press = (key: string) => document.dispatchEvent(new KeyboardEvent('keydown', { key }))
const buttonOf = (word: string) => page.findAll('button').find((b) => b.text() === word)

beforeEach(() => {
  asked = []
  answer = (_, cursor) => rows(2, cursor)
  window.history.replaceState(null, '', '/rows')
})
afterEach(() => {
  page.unmount()
  document.body.innerHTML = ''
})

describe('a list page', () => {
  it('reads its filters from the address, and takes what it does not know as not said', async () => {
    await open('/rows?state=done&q=a&low=true&other=1')
    expect(asked[0]!.filters).toEqual({ state: 'done', q: 'a', low: true })
    await router.push('/rows?state=nonsense')
    await settled()
    expect(asked.at(-1)!.filters).toEqual({ state: 'open', q: '', low: false })
  })

  it('writes into the address what is not as it begins, in place of the entry, and leaves the rest of it', async () => {
    await open('/rows?tab=2')
    const entries = window.history.length
    list.filters.state = 'done'
    list.filters.low = true
    await settled()
    expect(router.currentRoute.value.query).toEqual({ tab: '2', state: 'done', low: 'true' })
    expect(window.history.length).toBe(entries)
    expect(asked.at(-1)!.filters).toEqual({ state: 'done', q: '', low: true })
    list.filters.state = 'open'
    list.filters.low = undefined as never // as a cleared choice of Element Plus
    await settled()
    expect(router.currentRoute.value.query).toEqual({ tab: '2' })
  })

  it('reads on by cursor, and on Back shows as many pages and what was open beside it', async () => {
    await open('/rows?q=x')
    await buttonOf(zh['ui.do.more'])!.trigger('click')
    await settled()
    expect(page.findAll('tr')).toHaveLength(4)
    expect(asked.map((a) => a.cursor)).toEqual([undefined, '2'])
    await page.find('#r2-1').trigger('click')
    await settled()
    const entry = { ...(window.history.state as object) }
    await router.push('/other')
    await settled()
    expect(page.text()).toBe('other')
    // Back, as the browser does it: its entry is there again before the page is.
    window.history.replaceState(entry, '', '/rows?q=x')
    await router.replace({ path: '/rows', query: { q: 'x' }, state: entry as never })
    await settled()
    expect(page.findAll('tr')).toHaveLength(4)
    expect(page.find('aside').text()).toBe('r2-1')
    expect(list.filters.q).toBe('x')
  })

  it('has no more to read after the last page', async () => {
    await open('/rows')
    for (let i = 0; i < 2; i++) {
      await buttonOf(zh['ui.do.more'])!.trigger('click')
      await settled()
    }
    expect(page.findAll('tr')).toHaveLength(6)
    expect(buttonOf(zh['ui.do.more'])).toBeUndefined()
  })

  it('is worked by keyboard, but for who types', async () => {
    await open('/rows')
    press('j')
    expect(document.activeElement?.id).toBe('r1-0')
    press('j')
    expect(document.activeElement?.id).toBe('r1-1')
    press('j')
    expect(document.activeElement?.id, 'the last').toBe('r1-1')
    press('k')
    expect(document.activeElement?.id).toBe('r1-0')
    const box = document.getElementById('q')!
    box.focus()
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))
    expect(document.activeElement?.id).toBe('q')
  })
})

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('a list page without rows (%s)', (lang, texts) => {
  it('says whether there is nothing or nothing that fits', async () => {
    answer = () => []
    await open('/rows', lang)
    expect(page.text()).toContain('nothing')
    list.filters.q = 'zzz'
    await settled()
    expect(page.text()).toContain(texts['ui.list.noneFits'])
    expect(page.text()).toContain(texts['ui.inbox.emptyFilteredHint'])
  })

  it('says why it could not be read, and reads it again', async () => {
    answer = () => new Problem(503, { key: 'busy', title: 'one moment' })
    await open('/rows', lang)
    expect(page.find('[role=alert]').text()).toContain('one moment')
    answer = () => rows(2)
    await buttonOf(texts['ui.do.retry'])!.trigger('click')
    await settled()
    expect(page.findAll('tr')).toHaveLength(2)
  })
})

describe('every list page of the console', () => {
  const all = vueFiles('features')
  const source = (path: string) => readFileSync(join(root, path), 'utf8')

  it('is one', () => {
    const lists = all.filter((path) => /useListPage\(/.test(source(path)))
    expect(lists.length).toBeGreaterThan(9)
    expect(lists.filter((path) => !/<ListPage/.test(source(path)))).toEqual([])
    expect(source('features/casework/InboxPage.vue'), 'whose pages are turned').toMatch(/useFilters\([\s\S]*<ListPage/)
    // Nobody reads pages by himself: drawers and notices beside a list aside, which have their queries in queries.ts.
    expect(all.filter((path) => /useInfiniteQuery\(|usePages\(/.test(source(path)))).toEqual([])
  })

  it('becomes cards on a phone', () => {
    const lists = all.filter((path) => /<ListPage/.test(source(path)))
    expect(lists.filter((path) => !/class="table stacked"|class="plain cards"|<CaseTable/.test(source(path)))).toEqual([])
  })
})
vi.stubGlobal('scrollTo', () => {})
