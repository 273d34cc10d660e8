import { ref } from 'vue'

/** Columns that a list may show besides what the case is about. Their words are casework.column.*. */
export const columns = ['state', 'stands', 'area', 'unit', 'handler', 'channel', 'reported', 'closed', 'rating'] as const
export type Column = (typeof columns)[number]

const usual: Column[] = ['state', 'stands', 'area', 'unit', 'reported']
const memory = 'll.columns'

export function readColumns(text: string | null | undefined): Column[] {
  const kept = (text ?? '').split(',').filter((c): c is Column => (columns as readonly string[]).includes(c))
  return kept.length ? columns.filter((c) => kept.includes(c)) : usual
}

const shown = ref<Column[]>(readColumns(localStorage.getItem(memory)))

/** The columns that this person last chose on this machine. */
export function useColumns() {
  function show(chosen: readonly string[]) {
    shown.value = readColumns(chosen.join(','))
    localStorage.setItem(memory, shown.value.join(','))
  }
  return { shown, show }
}
