import { shallowRef, type Ref } from 'vue'
import { useUnsaved } from './useUnsaved'
import { useVersioned } from './useVersioned'

type Fields = Record<string, unknown>

/** What a dialog over one record of a list needs to know of it. */
interface Over<T extends { version: number }, C> {
  /** asks the server for the record as it is now */
  newest: (of: T) => Promise<T | undefined>
  /** what was typed, and how it is put back; with nothing, the form is emptied */
  content: () => C
  write: (kept?: C) => void
  /** name of the draft of a record, by which what was typed stands again after a crash */
  draft: (of: T) => string
}

/**
 * A dialog that is opened over one record of a list after the other: what is typed is kept as a draft, asked about before it is
 * lost, and sent over the version that was read; where somebody was faster, the conflict is shown.
 */
export function useRecordDialog<T extends { version: number }, C = Fields>(o: Over<T, C>) {
  const of = shallowRef<T | null>(null) as Ref<T | null>
  const close = () => {
    of.value = null
  }
  const versioned = useVersioned({
    of: () => of.value ?? undefined,
    newest: o.newest,
    form: {},
    read: () => ({}),
  })
  const unsaved = useUnsaved(o.content, close, { name: () => (of.value ? o.draft(of.value) : ''), write: (kept) => o.write(kept) })

  function open(record: T) {
    versioned.problem.value = null
    versioned.seen.value = of.value = record
    o.write()
    unsaved.begin()
  }

  /** Sends what was typed; once it is taken the dialog closes. */
  const send = (take: (record: T, version: number) => Promise<unknown>) =>
    versioned.saving(async (version) => {
      await take(of.value!, version)
      unsaved.settle()
      close()
    })

  return { ...versioned, ...unsaved, of, open, close, send }
}
