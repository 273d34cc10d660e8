/** Photos that could not be sent: they stay on the device (IndexedDB) until they are uploaded or removed by hand. */
import type { Upload } from '@shared/contract'

/** A photo on the device. Draft names the form to which it belongs. */
export interface Shot { key: string; draft: string; photo: File }

export interface ShotStore {
  put(shot: Shot): Promise<void>
  of(draft: string): Promise<Shot[]>
  drop(key: string): Promise<void>
}

const database = 'linli-field'
const table = 'shots'

async function within<T>(mode: IDBTransactionMode, act: (of: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await new Promise<IDBDatabase>((done, fail) => {
    const opening = indexedDB.open(database, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(table, { keyPath: 'key' }).createIndex('draft', 'draft')
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
  put: async (shot) => { await within('readwrite', (of) => of.put(shot)) },
  of: (draft) => within('readonly', (of) => of.index('draft').getAll(draft) as IDBRequest<Shot[]>),
  drop: async (key) => { await within('readwrite', (of) => of.delete(key)) },
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

/** Sends photos in order; the first refusal ends it. Those that were sent are dropped from the device. */
export async function sendShots(
  store: ShotStore, waiting: Shot[], send: (photo: File) => Promise<Upload>, sent: (shot: Shot, upload: Upload) => void,
): Promise<unknown> {
  for (const shot of [...waiting]) {
    try {
      const upload = await send(shot.photo)
      sent(shot, upload)
    } catch (problem) {
      return problem
    }
    await store.drop(shot.key).catch(() => undefined)
  }
  return null
}
