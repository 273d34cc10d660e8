/** Who is signed in on this device, and whether the server could be asked at all. */
import { api, isProblem } from '@shared/api'
import { setClock } from '@shared/clock'
import type { Session, Site } from '@shared/contract'
import { completeTexts } from '@shared/i18n'
import { reactive } from 'vue'

export const session = reactive({
  current: null as Session | null,
  site: null as Site | null,
  /** the server could not be reached when the app opened */
  unreached: false,
})

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

/** Signs in; 'second' waits for the second factor, 'password' and 'enrol' are done in the console. */
export async function signIn(login: string, password: string): Promise<Session['next']> {
  return enter(await api.post<Session>('/session', { login, password }))
}

export async function second(code: string): Promise<Session['next']> {
  return enter(await api.post<Session>('/session/second', { code: code.trim() }))
}

function enter(told: Session): Session['next'] {
  session.current = told.next === '' ? told : null
  return told.next
}

export async function signOut(): Promise<void> {
  await api.delete('/session')
  forget()
}

export function forget(): void {
  session.current = null
}

export function can(permission: string): boolean {
  return (session.current?.permissions ?? []).some((p) => p === permission || p.startsWith(`${permission}.`))
}
