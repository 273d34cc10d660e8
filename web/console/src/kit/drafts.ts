/**
 * What was typed in a long form and not sent, kept in this tab (sessionStorage) by account and form: it outlives F5 and a
 * crash of the tab, and ends with the tab, when it was sent, and when its account signs out.
 */
const prefix = 'll.draft.'
let owner = ''

/** Sets whose drafts count from now on; those of everybody else go. '' when nobody is signed in: all go. */
export function keepDraftsOf(account: string): void {
  owner = account
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix) && !(account && key.startsWith(`${prefix}${account} `))) sessionStorage.removeItem(key)
  }
}

const keyOf = (form: string) => `${prefix}${owner} ${form}`

export function draftOf(form: string): unknown {
  try {
    return owner ? JSON.parse(sessionStorage.getItem(keyOf(form)) ?? 'null') : null
  } catch {
    return null
  }
}

/** The newest draft of a form that was begun from another version of its record: `<form> v<version>`. */
export function olderDraftOf(form: string, version: number): { name: string; content: unknown } | null {
  const begin = keyOf(`${form} v`)
  const versions = Object.keys(sessionStorage)
    .filter((key) => owner && key.startsWith(begin))
    .map((key) => Number(key.slice(begin.length)))
    .filter((v) => Number.isInteger(v) && v !== version)
  if (!versions.length) return null
  const name = `${form} v${Math.max(...versions)}`
  return { name, content: draftOf(name) }
}

export function keepDraft(form: string, content: string): void {
  try {
    if (owner) sessionStorage.setItem(keyOf(form), content)
  } catch {
    /* no room: it lives as long as the page */
  }
}

export const dropDraft = (form: string): void => sessionStorage.removeItem(keyOf(form))

/** Drops the drafts of a form from every version of its record, but the one that is still offered. */
export function dropDraftsBut(form: string, offered = ''): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(keyOf(`${form} v`)) && key !== keyOf(offered)) sessionStorage.removeItem(key)
  }
}
