import { api, isProblem, type GetPath, type Problem, type Query } from '@shared/api'
import type { Page } from '@shared/contract'
import { computed, shallowRef, watch } from 'vue'
import { useSaving } from './useSaving'

/** A field that somebody else changed after the form was opened; mine is set where the form holds a third value. */
export interface Changed {
  field: string
  was: unknown
  now: unknown
  mine?: unknown
}

/** What was overtaken: the fields that changed, and by whom and when where that is recorded. */
export interface Conflict {
  changed: Changed[]
  by?: string
  at?: number
}

/** Whether a refusal says that the record is no longer the version that was seen. */
export const isStale = (e: unknown): boolean =>
  isProblem(e) && (e.status === 412 || (e.status === 409 && (e.key === 'stale' || e.key === 'ui.error.stale')))

/** Whether two values of a field are the same; what is not said is empty. */
export const same = (a: unknown, b: unknown) => JSON.stringify(a ?? '') === JSON.stringify(b ?? '')
const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

interface Versioned<R extends { version: number }, F extends object> {
  /** the record from which the form was filled; undefined for a new one */
  of: () => R | undefined
  /** asks for the record as it is now */
  newest: (seen: R) => Promise<R | undefined>
  form: F
  /** what the form holds of a record */
  read: (of: R) => Partial<F>
}

/**
 * Sends a form with the version from which it was filled. When somebody else was faster, nothing typed is lost: conflict
 * says what changed, and keepMine takes the newest version over, with its values only in those fields that nobody
 * touched here. A record that is read anew meanwhile takes the place of one on which nobody has typed.
 */
export function useVersioned<R extends { version: number }, F extends object>({ of, newest, form, read }: Versioned<R, F>) {
  const { busy, problem, saving: plain } = useSaving()
  const seen = shallowRef(of())
  const newer = shallowRef<R | null>(null)
  /** who was faster, as the refusal says */
  const faster = shallowRef<Problem['changed']>()
  const fields = form as Record<string, unknown>
  /** A form that shows nothing of the record is never untouched: what it says was said of the version that was seen. */
  function untouched(record: R): boolean {
    const shown = Object.entries(read(record))
    return shown.length > 0 && shown.every(([name, value]) => same(fields[name], value))
  }

  function adopt(record: R) {
    const was = seen.value ? (read(seen.value) as Record<string, unknown>) : {}
    for (const [name, value] of Object.entries(read(record))) if (same(fields[name], was[name])) fields[name] = copy(value)
    seen.value = record
    newer.value = null
  }

  watch(of, (record) => {
    if (record && (!seen.value || untouched(seen.value) || untouched(record))) adopt(record)
  })

  async function saving(send: (version: number) => Promise<void>) {
    newer.value = null
    await plain(async () => {
      try {
        await send(seen.value?.version ?? 0)
      } catch (e) {
        const found = isStale(e) && seen.value ? await newest(seen.value).catch(() => undefined) : undefined
        if (!found || found.version === seen.value?.version) throw e
        faster.value = isProblem(e) ? e.changed : undefined
        newer.value = found
      }
    })
  }

  const conflict = computed<Conflict | null>(() => {
    if (!newer.value || !seen.value) return null
    const was = read(seen.value) as Record<string, unknown>
    const changed = Object.entries(read(newer.value))
      .filter(([field, now]) => !same(was[field], now))
      .map(([field, now]) => {
        const mine = fields[field]
        return { field, was: was[field], now, ...(same(mine, was[field]) || same(mine, now) ? {} : { mine }) }
      })
    return { changed, ...faster.value }
  })

  function keepMine() {
    if (newer.value) adopt(newer.value)
  }

  return { busy, problem, saving, conflict, keepMine, seen }
}

/** The record of a list, wherever it stands in it now. */
export async function findListed<R>(path: GetPath, queries: Query[], is: (r: R) => boolean): Promise<R | undefined> {
  for (const query of queries) {
    let cursor: string | undefined
    for (let page = 0; page < 50; page++) {
      const read = await api.get<Page<R>>(path, { ...query, cursor })
      const found = read.items.find(is)
      if (found) return found
      if (!read.next) break
      cursor = read.next
    }
  }
  return undefined
}
