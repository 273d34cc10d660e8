import { guard } from '@shared/unsaved'
import { onScopeDispose, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { draftOf, dropDraft, keepDraft } from './drafts'
import { useSay } from './useSay'

/** Of a long form: the name under which its draft is kept, and how the draft is put back. */
interface Draft<T> { name: string; write: (kept: T) => void }

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

  /** What stands in the form now is lost by nobody: it was sent, or filled in by the page itself. */
  function settle() {
    clean.value = text()
    restored.value = false
    if (draft) dropDraft(draft.name)
  }

  if (draft) {
    const kept = draftOf(draft.name) as T | null
    if (kept !== null) {
      draft.write(kept)
      restored.value = dirty()
    }
    watch(text, (now) => {
      if (now === clean.value) dropDraft(draft.name)
      else keepDraft(draft.name, now)
    }, { flush: 'sync' })
  }

  /** Empties a form of the draft that was put back. */
  function anew() {
    draft?.write(JSON.parse(clean.value) as T)
    settle()
  }

  onScopeDispose(guard(dirty, () => { if (draft) dropDraft(draft.name) }))

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

  return { dirty, settle, leave, beforeClose, restored, anew }
}
