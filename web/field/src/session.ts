/** Who is signed in on this device, and whether the server could be asked at all. */
import { actFor, api, isProblem } from '@shared/api'
import { setClock } from '@shared/clock'
import type { Session, Site } from '@shared/contract'
import { completeTexts } from '@shared/i18n'
import { reactive } from 'vue'

export const session = reactive({
  current: null as Session | null,
  site: null as Site | null,
  /** the server could not be reached when the app opened */
  unreached: false,
  /** the session has ended while the app is open: its page stays, and whoever works on it is asked to sign in again */
  over: false,
})
let settle: (entered: boolean) => void = () => {}

export async function load(): Promise<void> {
  const [site, who] = await Promise.allSettled([api.get<Site>('/site'), api.get<Session>('/session')])
  if (site.status === 'fulfilled') {
    session.site = site.value
    setClock(site.value.clockShift)
  }
  if (who.status === 'fulfilled') enter(who.value)
  else session.current = null
  session.unreached = who.status === 'rejected' && (!isProblem(who.reason) || who.reason.status === 0 || who.reason.status >= 500)
  if (!session.unreached) await completeTexts()
}

/** Asks to sign in again over the page; false at once where nobody was signed in. */
export function askAgain(): Promise<boolean> {
  if (!session.current) return Promise.resolve(false)
  session.over = true
  return new Promise((resolve) => {
    settle = resolve
  })
}

/** The same account is signed in again: the page goes on. */
export function goOn(told: Session): void {
  enter(told)
  session.over = false
  settle(true)
}

/** Somebody is signed in once nothing is left to be done first; a new password and a second factor are made in the console. */
export function enter(told: Session): void {
  session.current = told.next === '' ? told : null
  actFor(session.current?.account.id ?? '')
}

export async function signOut(): Promise<void> {
  await api.delete('/session')
  forget()
}

export function forget(): void {
  session.current = null
  actFor('')
  session.over = false
  settle(false)
}

export function can(permission: string): boolean {
  return (session.current?.permissions ?? []).some((p) => p === permission || p.startsWith(`${permission}.`))
}
