// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick, ref, type Ref } from 'vue'
import { createRouter, createWebHistory, RouterView, type Router } from 'vue-router'
import { usePages, usePlace } from '../shared/place'

const root = join(__dirname, '..')
const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })

interface ListPlace {
  tag: string
  opened: string
  pages: number
}
let place!: ListPlace
const List = defineComponent(() => {
  place = usePlace<ListPlace>({ tag: '', opened: '', pages: 1 })
  return () => h('p', place.tag)
})
let router!: Router

beforeEach(async () => {
  window.history.replaceState(null, '', '/list')
  router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/list', component: List },
      { path: '/case', component: { template: '<p>case</p>' } },
      { path: '/', component: { template: '<p/>' } },
    ],
  })
  await router.push('/list')
  mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
})
afterEach(() => {
  document.body.innerHTML = ''
})

const settled = async () => {
  await flushPromises()
  await nextTick()
  await flushPromises()
}

describe('the place in a list', () => {
  it('is kept with its entry of the history, beside what the router keeps there', async () => {
    Object.assign(place, { tag: 'old', opened: 'p1' })
    await settled()
    expect(window.history.state).toMatchObject({ place: { tag: 'old', opened: 'p1', pages: 1 }, current: '/list' })
    const entry = { ...(window.history.state as object) }
    await router.push('/case')
    await settled()
    expect((window.history.state as { place?: unknown }).place, 'nothing of it stands in the next entry').toBeUndefined()
    // Back, as the browser does it: its entry is there again before the page is.
    window.history.replaceState(entry, '', '/list')
    await router.replace({ path: '/list', state: entry as never })
    await settled()
    expect(place).toEqual({ tag: 'old', opened: 'p1', pages: 1 })
  })

  it('begins anew where a list is opened anew', async () => {
    place.tag = 'old'
    await settled()
    await router.push('/case')
    await router.push('/list')
    await settled()
    expect(place.tag).toBe('')
  })
})

describe('a list that is read page by page', () => {
  it('is read on to where it was, no further, and counts from then on', async () => {
    const pages: Ref<unknown[]> = ref([])
    const data = ref<{ pages: unknown[] }>()
    let asked = 0
    const list = {
      data,
      hasNextPage: ref(true),
      fetchNextPage: async () => {
        asked++
        data.value = { pages: [...data.value!.pages, {}] }
      },
    }
    const at = { pages: 3 }
    mount(
      defineComponent(() => {
        usePages(list, at)
        return () => h('p', pages.value.length)
      }),
    )
    data.value = { pages: [{}] }
    await settled()
    await settled()
    expect([data.value.pages.length, asked, at.pages]).toEqual([3, 2, 3])
    data.value = { pages: [{}] } // other filters: it begins at its first page
    await settled()
    expect([asked, at.pages]).toEqual([2, 1])
  })

  it('keeps its place wherever there is one', () => {
    const lists = [...files(join(root, 'console/src')), ...files(join(root, 'field/src'))].filter(
      (path) => path.endsWith('.vue') && /fetchNextPage\(/.test(readFileSync(path, 'utf8')),
    )
    // Pages of the console that are lists have it of useListPage; a drawer of warnings and a notice above a list have none.
    const names = lists.map((path) => path.split('/').at(-1)).sort()
    expect(names).toEqual(['AlertDrawer.vue', 'CasesPage.vue', 'RouteClashes.vue'])
    expect(readFileSync(join(root, 'field/src/pages/CasesPage.vue'), 'utf8')).toMatch(/usePages\(/)
  })
})
