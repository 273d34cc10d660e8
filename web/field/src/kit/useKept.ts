import { onBeforeUnmount, ref, watch } from 'vue'
import { session } from '../session'
import { draftOf, typed } from './device'

/**
 * Keeps what is typed in a form on the device until it is sent or cleared by hand: it outlives a session that ends, a
 * page that is left and an app that the phone closes. Read gives what is to be kept, or null for a form in which nothing
 * was typed; write puts it back.
 */
export function useKept<T>(form: string, read: () => T | null, write: (kept: T) => void) {
  const draft = draftOf(session.current?.account.id ?? '', form)
  const restored = ref(false)
  let waiting: ReturnType<typeof setTimeout> | undefined
  let over = false

  async function save() {
    waiting = clearTimeout(waiting) as undefined
    if (over) return
    const content = read()
    // A plain copy: what Vue watches cannot be stored.
    await (content === null ? typed.drop(draft) : typed.put({ draft, content: JSON.parse(JSON.stringify(content)) })).catch(() => undefined)
  }

  const stop = watch(
    () => JSON.stringify(read()),
    () => {
      clearTimeout(waiting)
      waiting = setTimeout(() => void save(), 300)
    },
  )

  const ready = typed
    .get(draft)
    .then((kept) => {
      if (!kept || read() !== null) return
      write(kept.content as T)
      restored.value = true
    })
    .catch(() => undefined)

  onBeforeUnmount(() => {
    stop()
    if (waiting) void save()
  })

  /** It was sent, or is not wanted any more. */
  async function drop() {
    clearTimeout(waiting)
    waiting = undefined
    restored.value = false
    await typed.drop(draft).catch(() => undefined)
  }

  /** It was sent and the form is gone: nothing is kept from now on. */
  async function sent() {
    over = true
    await drop()
  }

  return { restored, ready, drop, sent }
}
