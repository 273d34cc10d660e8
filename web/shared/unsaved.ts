/** Forms of the page that hold what was typed and not sent, each with how it forgets that. */
const forms = new Map<() => boolean, () => void>()

/** Whether any form on the page would lose something. */
export const unsaved = (): boolean => [...forms.keys()].some((dirty) => dirty())

/** Counts a form until it is given back. */
export function guard(dirty: () => boolean, forget: () => void = () => {}): () => void {
  forms.set(dirty, forget)
  return () => {
    forms.delete(dirty)
  }
}

/** The person has agreed to lose it all: nothing on the page is asked for again. */
export function release(): void {
  for (const forget of forms.values()) forget()
  forms.clear()
}

/** The browser asks before the tab is closed or loaded anew. It words the question itself. */
export function askBeforeUnload(): void {
  window.addEventListener('beforeunload', (event) => {
    if (unsaved()) event.preventDefault()
  })
}
