/**
 * A page that is a list: filters that stand in the address, pages that follow one another by cursor, and what is open
 * beside it. Back and F5 lead to the same filters, as many pages and the same drawer. ListPage.vue shows it.
 */
import { usePages, usePlace } from '@shared/place'
import type { Page } from '@shared/contract'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, reactive, toRef, watch, type Reactive } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

export type Filters = Record<string, string | boolean>
/** The values that a filter may have, where they can be told; anything else in an address counts as not said. */
type Values<F> = { [Name in keyof F]?: readonly string[] | (() => readonly string[]) }

interface Listed<R, F extends Filters> {
  /** names the list in the cache: what changes it invalidates what begins so */
  key: readonly string[]
  /** each filter as it is when nothing is said; nothing personal, as it stands in the address */
  filters: F
  values?: Values<F>
  /** what the list depends on beside its filters, such as the area looked at, or what must not stand in the address */
  beside?: () => unknown
  read: (asked: F, cursor: string | undefined) => Promise<Page<R>>
}

/** Filters that stand in the address: what is not as it begins. The rest of the address stays, but for the cursor of a page. */
export function useFilters<F extends Filters>(begin: F, values: Values<F> = {}, cursor = ''): Reactive<F> {
  const route = useRoute()
  const router = useRouter()
  const own = route.name ?? route.path

  function said(name: keyof F & string, query: LocationQuery): string | boolean {
    const text = query[name]
    if (typeof text !== 'string') return begin[name]!
    if (typeof begin[name] === 'boolean') return text === 'true'
    const allowed = values[name] as readonly string[] | (() => readonly string[]) | undefined
    return !allowed || (typeof allowed === 'function' ? allowed() : allowed).includes(text) ? text : begin[name]!
  }
  const read = (query: LocationQuery) => Object.fromEntries(Object.keys(begin).map((name) => [name, said(name, query)])) as F
  const filters = reactive(read(route.query)) as Reactive<F>

  watch(
    () => route.query,
    (query) => {
      if ((route.name ?? route.path) === own) Object.assign(filters, read(query))
    },
  )
  watch(filters, () => {
    const now = filters as F
    const query: LocationQuery = { ...route.query }
    for (const [name, is] of Object.entries(now)) {
      delete query[name]
      // A cleared choice is undefined to Element Plus; an emptied filter that does not begin empty is said.
      const chosen = typeof begin[name] === 'boolean' ? is === true : (is ?? '')
      if (chosen !== begin[name]) query[name] = String(chosen)
    }
    if (JSON.stringify(read(query)) === JSON.stringify(read(route.query))) return
    delete query[cursor]
    void router.replace({ query, hash: route.hash })
  })
  return filters
}

export function useListPage<R, F extends Filters = Record<never, never>>({ key, filters: begin, values, beside, read }: Listed<R, F>) {
  const filters = useFilters(begin, values)
  const place = usePlace({ opened: '', pages: 1 })
  const asked = computed(() => JSON.stringify([filters, beside?.()]))
  const list = useInfiniteQuery({
    queryKey: [...key, asked],
    queryFn: ({ pageParam }) => read({ ...(filters as F) }, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last: Page<R>) => last.next || undefined,
  })
  usePages(list, place)

  return reactive({
    filters,
    /** whether a filter is set by which the list may be empty */
    narrowed: computed(() => Object.entries(filters).some(([name, is]) => is !== begin[name])),
    rows: computed(() => (list.data.value?.pages.flatMap((p) => p.items) ?? []) as R[]),
    /** id of what is open beside the list; '' for nothing */
    opened: toRef(place, 'opened'),
    loading: list.isPending,
    reading: list.isFetchingNextPage,
    error: list.error,
    more: list.hasNextPage,
    next: () => void list.fetchNextPage(),
    retry: () => void list.refetch(),
  })
}

/** What ListPage.vue needs of a list. */
export type ListShown = Pick<ReturnType<typeof useListPage>, 'narrowed' | 'loading' | 'reading' | 'error' | 'more' | 'next' | 'retry'> & {
  rows: readonly unknown[]
}
