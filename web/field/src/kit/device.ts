/** What the device keeps (IndexedDB) until the server has it: photos and what was typed. Each belongs to one account. */
import { isProblem } from '@shared/api'
import type { Upload } from '@shared/contract'

/** A photo on the device. Draft names the form to which it belongs. */
export interface Shot {
  key: string
  draft: string
  photo: File
}

/** What was typed in a form and not sent. Draft names the form. */
export interface Typed {
  draft: string
  content: unknown
}

export interface ShotStore {
  put(shot: Shot): Promise<void>
  of(draft: string): Promise<Shot[]>
  drop(key: string): Promise<void>
}

const database = 'linli-field'
type Table = 'shots' | 'typed'

async function within<T>(table: Table, mode: IDBTransactionMode, act: (of: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await new Promise<IDBDatabase>((done, fail) => {
    const opening = indexedDB.open(database, 2)
    opening.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) opening.result.createObjectStore('shots', { keyPath: 'key' }).createIndex('draft', 'draft')
      if (oldVersion < 2) opening.result.createObjectStore('typed', { keyPath: 'draft' })
    }
    opening.onsuccess = () => done(opening.result)
    opening.onerror = () => fail(opening.error)
  })
  try {
    return await new Promise<T>((done, fail) => {
      const change = base.transaction(table, mode)
      const request = act(change.objectStore(table))
      change.oncomplete = () => done(request.result)
      change.onabort = change.onerror = () => fail(change.error)
    })
  } finally {
    base.close()
  }
}

export const device: ShotStore = {
  put: async (shot) => {
    await within('shots', 'readwrite', (of) => of.put(shot))
  },
  of: (draft) => within('shots', 'readonly', (of) => of.index('draft').getAll(draft) as IDBRequest<Shot[]>),
  drop: async (key) => {
    await within('shots', 'readwrite', (of) => of.delete(key))
  },
}

export const typed = {
  put: async (kept: Typed) => {
    await within('typed', 'readwrite', (of) => of.put(kept))
  },
  get: (draft: string) => within('typed', 'readonly', (of) => of.get(draft) as IDBRequest<Typed | undefined>),
  drop: async (draft: string) => {
    await within('typed', 'readwrite', (of) => of.delete(draft))
  },
}

/** The name of a form's draft: what one account left is offered to no other on the same device. */
export const draftOf = (account: string, form: string): string => `${account} ${form}`

/** Everything that one account has left on the device. */
const range = (account: string) => IDBKeyRange.bound(`${account} `, `${account} \uffff`)

/** How many photos and texts of an account are not sent. */
export async function unsent(account: string): Promise<number> {
  const photos = await within('shots', 'readonly', (of) => of.index('draft').count(range(account)))
  return photos + (await within('typed', 'readonly', (of) => of.count(range(account))))
}

/** Removes what an account has left on the device. */
export async function forgetAll(account: string): Promise<void> {
  for (const key of await within('shots', 'readonly', (of) => of.index('draft').getAllKeys(range(account))))
    await within('shots', 'readwrite', (of) => of.delete(key))
  await within('typed', 'readwrite', (of) => of.delete(range(account)))
}

/**
 * Keeps a photo, then sends it. It leaves the device only when the server has taken it. Kept is false when the device
 * has no room for it: then it lives as long as the page.
 */
export async function keep(store: ShotStore, shot: Shot): Promise<boolean> {
  try {
    await store.put(shot)
    return true
  } catch {
    return false
  }
}

/** Whether the server refuses the file itself, such as one that it cannot open: it is refused however often it is sent. */
const isOfFile = (problem: unknown) => isProblem(problem) && [400, 413, 415, 422].includes(problem.status)

/**
 * Sends photos in order. What no other photo would meet with, a lost signal above all, ends it; a photo that is refused
 * for what it is holds up no other. Gives the last refusal. Those that were sent are dropped from the device.
 */
export async function sendShots(
  store: ShotStore,
  waiting: Shot[],
  send: (photo: File) => Promise<Upload>,
  sent: (shot: Shot, upload: Upload) => void,
  refused: (shot: Shot) => void = () => {},
): Promise<unknown> {
  let last: unknown = null
  for (const shot of [...waiting]) {
    try {
      const upload = await send(shot.photo)
      sent(shot, upload)
    } catch (problem) {
      last = problem
      if (!isOfFile(problem)) break
      refused(shot)
      continue
    }
    await store.drop(shot.key).catch(() => undefined)
  }
  return last
}
