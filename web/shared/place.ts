/**
 * The place in a list: filters, how many pages are shown, what is open beside it. It is kept with the entry of the
 * browser's history, so that Back and F5 lead to it again; it stands in no address and reaches no server. What is
 * personal (a number that was searched for) does not belong in it.
 */
import { nextTick, reactive, watch, type Reactive } from 'vue'
import { useRoute } from 'vue-router'

const kept = (): object | undefined => (window.history.state as { place?: object } | null)?.place

export function usePlace<T extends object>(begin: T): Reactive<T> {
  const route = useRoute()
  const place = reactive({ ...begin, ...kept() }) as Reactive<T>
  const path = route.path

  function write() {
    // The page that is being left must not write into the entry of the one that follows.
    if (route.path === path) window.history.replaceState({ ...window.history.state, place: JSON.parse(JSON.stringify(place)) }, '')
  }
  watch(place, write, { flush: 'post' })
  // Another entry of the same page: its own place when it is gone back to, else the one that it begins with.
  watch(() => route.fullPath, async () => {
    await nextTick()
    if (route.path !== path) return
    const own = kept()
    if (own) Object.assign(place, own)
    else write()
  })
  return place
}

/** A list that is read page by page, as the place knows it. */
interface Paged { data: { value?: { pages: unknown[] } }; hasNextPage: { value: boolean }; fetchNextPage: () => Promise<unknown> }

/** Reads a list on to as many pages as were shown when it was left, and counts those that are read from then on. */
export function usePages(list: Paged, place: { pages: number }): void {
  let before = place.pages
  watch(() => list.data.value?.pages.length ?? 0, (shown) => {
    if (!shown) return
    if (shown < before && list.hasNextPage.value) {
      void list.fetchNextPage()
      return
    }
    before = 0
    place.pages = shown
  }, { immediate: true, flush: 'post' })
}

/** Where the page is scrolled to again once it is long enough for it; a page that stays shorter is scrolled as far as it goes. */
export async function scrolled<T extends { top: number }>(saved: T): Promise<T> {
  const until = performance.now() + 3000
  while (document.documentElement.scrollHeight < saved.top + window.innerHeight && performance.now() < until) {
    await new Promise((drawn) => requestAnimationFrame(drawn))
  }
  return saved
}
