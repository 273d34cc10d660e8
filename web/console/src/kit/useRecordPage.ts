import { ref, shallowRef, type Ref } from 'vue'
import { useUnsaved } from './useUnsaved'
import { useVersioned } from './useVersioned'

/** What a page that writes one record needs to know of it. */
interface Over<R extends { version: number }, F extends object> {
  /** id of the record; undefined while it is a new one */
  id: () => string | undefined
  /** asks the server for the record as it is now; undefined where there is nothing to write any more */
  ask: (id: string) => Promise<R | undefined>
  form: F
  /** what the form holds of a record */
  read: (of: R) => Partial<F>
  /** what its drafts are called: a new record's by this alone, another's with its id, by version */
  draft: string
  /** goes elsewhere where ask has found nothing */
  gone?: () => void
}

/**
 * A page on which one record is written, a new one or a draft that the server keeps: what is typed outlives a crash of the tab,
 * is asked about before it is lost, and is sent over the version that was read; where somebody was faster, the conflict is
 * shown. The counterpart for a dialog over a list is useRecordDialog.
 */
export function useRecordPage<R extends { version: number }, F extends object>(o: Over<R, F>) {
  const of = shallowRef() as Ref<R | undefined>
  const loading = ref(!!o.id())
  const failed = ref<unknown>(null)
  const versioned = useVersioned<R, F>({
    of: () => of.value,
    newest: async () => (o.id() ? o.ask(o.id()!) : undefined),
    form: o.form,
    read: o.read,
  })
  const unsaved = useUnsaved(
    () => o.form,
    () => {},
    {
      name: () => (!o.id() ? o.draft : of.value ? `${o.draft} ${o.id()}` : ''),
      version: () => (o.id() ? of.value?.version : undefined),
      write: (kept) => Object.assign(o.form, kept),
    },
  )
  const fill = (record: R) => Object.assign(o.form, JSON.parse(JSON.stringify(o.read(record))))

  /** Takes over what the server has now; what was typed stays, and is sent on top of it. */
  function take(record: R) {
    versioned.seen.value = of.value = record
  }

  async function load() {
    const id = o.id()
    if (!id) return
    failed.value = null
    loading.value = true
    try {
      const found = await o.ask(id)
      if (!found) return o.gone?.()
      fill(found) // while the page has no record, and so no draft's name: it would be kept as what was typed
      take(found)
      unsaved.begin()
    } catch (e) {
      failed.value = e
    } finally {
      loading.value = false
    }
  }
  void load()

  /** Sends the form; the record that comes back takes its place, unless something was typed meanwhile. */
  const send = (save: (version: number) => Promise<R>, then?: (record: R) => unknown) =>
    versioned.saving(async (version) => {
      const sent = JSON.stringify(o.form)
      const record = await save(version)
      const still = JSON.stringify(o.form) === sent
      take(record)
      if (still) {
        fill(record)
        unsaved.settle()
      }
      await then?.(record)
    })

  function keepMine() {
    versioned.keepMine()
    of.value = versioned.seen.value
  }

  return { ...versioned, ...unsaved, of, loading, failed, load, take, send, keepMine }
}
