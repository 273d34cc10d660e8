import { ref, type Ref } from 'vue'
import { useEventListener } from './useEventListener'

const busyElsewhere = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || !!target.closest('.el-overlay, [role=dialog]'))

/**
 * Rows worked by keyboard: j and k go to the first link or button of the next and the previous one, which Enter then
 * opens; other keys go to act with the row's index, -1 before the first.
 */
export function useRowKeys(frame: Ref<HTMLElement | undefined>, act: (key: string, at: number) => void = () => {}) {
  const at = ref(-1)
  const rows = () => Array.from(frame.value?.querySelectorAll<HTMLElement>('tbody > tr, .cards > li') ?? [])

  function go(to: number) {
    const all = rows()
    at.value = Math.min(Math.max(to, 0), all.length - 1)
    all[at.value]?.querySelector<HTMLElement>('a[href], button:not([disabled])')?.focus()
  }

  useEventListener(document, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || busyElsewhere(event.target)) return
    // Where somebody went by Tab or a press is where they are.
    const here = rows().findIndex((row) => row.contains(document.activeElement))
    if (here >= 0) at.value = here
    if (event.key === 'j') go(at.value + 1)
    else if (event.key === 'k') go(at.value - 1)
    else act(event.key, at.value)
  })
  return { at }
}
