import { guard } from '@shared/unsaved'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { draftOf, dropDraft, dropDraftsBut, keepDraft, olderDraftOf } from './drafts'
import { same, type Conflict } from './useVersioned'
import { useSay } from './useSay'

type Fields = Record<string, unknown>

/**
 * Of a long form: the name under which its draft is kept, and how the draft is put back. A form that a page fills for one
 * record after the other has a name for each, '' while there is none, and calls begin for each. A form over a record's
 * values gives its version: over a newer record they would pass for what was typed, so a draft that was begun from
 * another version is offered with what changed meanwhile (older).
 */
interface Draft<T> {
  name: string | (() => string)
  version?: () => number | undefined
  write: (kept: T) => void
}

/**
 * Asks before what was typed in a form is lost: by its close button, Escape, a press beside it (beforeClose), its own
 * cancel (leave), the menu and Back (the router), and F5 (the browser). Content is what would be lost; close is how the
 * form goes away. With a draft it is there again after the tab has crashed.
 */
export function useUnsaved<T>(content: () => T, close: () => void = () => {}, draft?: Draft<T>) {
  const { t } = useI18n()
  const { agreed } = useSay()
  const text = () => JSON.stringify(content()) ?? ''
  const clean = ref(text())
  const dirty = () => text() !== clean.value
  const restored = ref(false)
  const version = () => draft?.version?.()
  const plain = () => (typeof draft?.name === 'function' ? draft.name() : (draft?.name ?? ''))
  const name = () => (plain() && version() !== undefined ? `${plain()} v${version()}` : plain())
  const found = shallowRef<{ name: string; was: Fields; now: Fields } | null>(null)
  const drop = () => {
    if (!name()) return
    dropDraft(name())
    // What was typed may have been sent over a version that was taken over meanwhile.
    if (version() !== undefined) dropDraftsBut(plain(), found.value?.name)
  }

  /** What stands in the form now is lost by nobody: it was sent, or filled in by the page itself. */
  function settle() {
    clean.value = text()
    restored.value = false
    drop()
  }

  /** The form was filled for another record: what was typed for that one and not sent is put back. */
  function begin() {
    clean.value = text()
    restored.value = false
    found.value = null
    if (!draft || !name()) return
    const kept = draftOf(name()) as (T & { now: T }) | null
    if (kept !== null) restore(version() === undefined ? kept : kept.now)
    else if (version() !== undefined) look()
  }

  function restore(kept: T) {
    draft!.write(kept)
    restored.value = dirty()
  }

  /** Looks for a draft that was begun from another version. */
  function look() {
    const kept = olderDraftOf(plain(), version()!)
    if (kept?.content) found.value = { name: kept.name, ...(kept.content as { was: Fields; now: Fields }) }
    if (older.value?.changed.length === 0) takeOlder() // nothing that the form shows
  }

  /** A draft that was begun from another version: what somebody changed since, and what was typed over it. */
  const older = computed<Conflict | null>(() => {
    if (!found.value) return null
    const { was, now: typed } = found.value
    return {
      changed: Object.entries(JSON.parse(clean.value) as Fields)
        .filter(([field, now]) => !same(was[field], now))
        .map(([field, now]) => {
          const mine = typed[field]
          return { field, was: was[field], now, ...(same(mine, was[field]) || same(mine, now) ? {} : { mine }) }
        }),
    }
  })

  /** Puts into the form what was typed over the older version; the rest stays as the record is now. */
  function takeOlder() {
    if (!found.value) return
    const { was, now } = found.value
    const mine = Object.fromEntries(Object.entries(now).filter(([field, value]) => !same(value, was[field])))
    dropOlder()
    restore({ ...(content() as Fields), ...mine } as T)
  }

  function dropOlder() {
    if (found.value) dropDraft(found.value.name)
    found.value = null
  }

  if (draft) {
    begin()
    watch(
      text,
      (now) => {
        if (now === clean.value) drop()
        else if (name()) keepDraft(name(), version() === undefined ? now : `{"was":${clean.value},"now":${now}}`)
      },
      { flush: 'sync' },
    )
  }

  /** Empties a form of the draft that was put back. */
  function anew() {
    draft?.write(JSON.parse(clean.value) as T)
    settle()
  }

  onScopeDispose(guard(dirty, drop))

  const mayLeave = async () => !dirty() || agreed(t('ui.unsaved.title'), t('ui.unsaved.sure'), t('ui.unsaved.leave'))

  async function leave() {
    if (!(await mayLeave())) return
    settle()
    close()
  }

  async function beforeClose(done: () => void) {
    if (!(await mayLeave())) return
    settle()
    done()
  }

  return { dirty, settle, begin, leave, beforeClose, restored, anew, older, takeOlder, dropOlder }
}
