/**
 * The place in a list: filters, how many pages are shown, what is open beside it. It is kept with the entry of the
 * browser's history, so that Back and F5 lead to it again; it stands in no address and reaches no server. What is
 * personal (a number that was searched for) does not belong in it.
 */
import { nextTick, reactive, watch, type Reactive, type Ref } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate, useRoute } from 'vue-router'

const kept = (): object | undefined => (window.history.state as { place?: object } | null)?.place

export function usePlace<T extends object>(begin: T): Reactive<T> {
  const route = useRoute()
  const place = reactive({ ...begin, ...kept() }) as Reactive<T>
  // One page, whatever stands in its address: a page of the register shows one area after the other.
  const page = () => route.name ?? route.path
  const own = page()

  function write() {
    // The page that is being left must not write into the entry of the one that follows.
    if (page() === own) window.history.replaceState({ ...window.history.state, place: JSON.parse(JSON.stringify(place)) }, '')
  }
  watch(place, write, { flush: 'post' })
  // Another entry of the same page: its own place when it is gone back to, else the one that it begins with.
  watch(
    () => route.fullPath,
    async () => {
      await nextTick()
      if (page() !== own) return
      const was = kept()
      if (was) Object.assign(place, was)
      else write()
    },
  )
  return place
}

/** A list that is read page by page, as the place knows it. */
interface Paged {
  data: { value?: { pages: unknown[] } }
  hasNextPage: { value: boolean }
  fetchNextPage: () => Promise<unknown>
}

/** Reads a list on to as many pages as were shown when it was left, and counts those that are read from then on. */
export function usePages(list: Paged, place: { pages: number }): void {
  let before = place.pages
  watch(
    () => list.data.value?.pages.length ?? 0,
    (shown) => {
      if (!shown) return
      if (shown < before && list.hasNextPage.value) {
        void list.fetchNextPage()
        return
      }
      before = 0
      place.pages = shown
    },
    { immediate: true, flush: 'post' },
  )
}

const drawn = () => new Promise((next) => requestAnimationFrame(next))

/** Keeps how far a frame of the page is scrolled, and scrolls it there again once it is long enough. Gives what hears its scrolling. */
export function useScrolled(frame: Ref<HTMLElement | undefined>, place: { top: number }): () => void {
  let restoring = false
  let later: ReturnType<typeof setTimeout> | undefined

  watch(
    [frame, () => place.top],
    async () => {
      const box = frame.value
      const top = place.top
      if (!box || Math.round(box.scrollTop) === top) return
      restoring = true
      const until = performance.now() + 3000
      while (frame.value === box && place.top === top && box.scrollHeight - box.clientHeight < top && performance.now() < until)
        await drawn()
      if (place.top === top) box.scrollTop = top
      await drawn()
      restoring = false
    },
    { flush: 'post' },
  )

  function read() {
    clearTimeout(later)
    later = undefined
    if (frame.value && !restoring) place.top = Math.round(frame.value.scrollTop)
  }
  // A place that is left is read at once; browsers bound how often the entry is written.
  onBeforeRouteUpdate(() => {
    if (later) read()
  })
  onBeforeRouteLeave(() => {
    if (later) read()
  })
  return () => {
    later ??= setTimeout(read, 150)
  }
}

/** Where the page is scrolled to again once it is long enough for it; a page that stays shorter is scrolled as far as it goes. */
export async function scrolled<T extends { top: number }>(saved: T): Promise<T> {
  const until = performance.now() + 3000
  while (document.documentElement.scrollHeight < saved.top + window.innerHeight && performance.now() < until) {
    await drawn()
  }
  return saved
}
