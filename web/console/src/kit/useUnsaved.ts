import { guard } from '@shared/unsaved'
import { onScopeDispose, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { draftOf, dropDraft, keepDraft } from './drafts'
import { useSay } from './useSay'

/**
 * Of a long form: the name under which its draft is kept, and how the draft is put back. A form that a page fills for one
 * record after the other has a name for each, '' while there is none, and calls begin for each. The name of a form over
 * a record's values holds its version: over a newer record they would pass for what was typed.
 */
interface Draft<T> {
  name: string | (() => string)
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
  const name = () => (typeof draft?.name === 'function' ? draft.name() : (draft?.name ?? ''))
  const drop = () => {
    if (name()) dropDraft(name())
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
    const kept = draft && name() ? (draftOf(name()) as T | null) : null
    if (kept === null) return
    draft!.write(kept)
    restored.value = dirty()
  }

  if (draft) {
    begin()
    watch(
      text,
      (now) => {
        if (now === clean.value) drop()
        else if (name()) keepDraft(name(), now)
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

  return { dirty, settle, begin, leave, beforeClose, restored, anew }
}
