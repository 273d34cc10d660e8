import { actFor, api, isProblem } from '@shared/api'
import { keepDraftsOf } from '@console/kit/drafts'
import { setClock } from '@shared/clock'
import type { AreaRef, Session, Site } from '@shared/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

const memory = 'll.scope'
/** The id of the account that signed in last in this browser, by which its other tabs notice it. */
export const accountMemory = 'll.account'

function remembered(): AreaRef | null {
  try {
    return JSON.parse(localStorage.getItem(memory) ?? 'null') as AreaRef | null
  } catch {
    return null
  }
}

/** Who is signed in, what they may do, and which area they are looking at. */
export const useSession = defineStore('session', () => {
  const current = ref<Session | null>(null)
  const site = ref<Site | null>(null)
  const chosen = ref<AreaRef | null>(remembered())
  /** what must be done before anything else: 'second' (nobody is signed in yet), 'password', 'enrol', or '' */
  const next = ref<Session['next']>('')

  /** the session has ended while a page is open: the page stays, and whoever works on it is asked to sign in again */
  const over = ref(false)
  let settle: (entered: boolean) => void = () => {}

  /** Asks to sign in again over the page; false at once where nobody was signed in. */
  function askAgain(): Promise<boolean> {
    if (!current.value) return Promise.resolve(false)
    over.value = true
    return new Promise((resolve) => {
      settle = resolve
    })
  }

  /** The same account is signed in again: the page goes on. */
  function goOn(told: Session) {
    enter(told)
    over.value = false
    settle(true)
  }

  /** A permission, or any below it: can('access.account') holds with access.account.create. */
  function can(permission: string): boolean {
    const held = current.value?.permissions ?? []
    return held.some((p) => p === permission || p.startsWith(`${permission}.`))
  }

  const widest = computed<AreaRef | null>(() => {
    const code = current.value?.scope[0]
    if (!code) return null
    const named = current.value?.grants.find((g) => g.area === code)
    return { code, name: named?.areaName ?? site.value?.city.name ?? code }
  })

  /** The area looked at: the one chosen while it lies inside the authority, else the widest. */
  const area = computed<AreaRef | null>(() => {
    const inside = chosen.value && current.value?.scope.some((s) => chosen.value!.code.startsWith(s))
    return inside ? chosen.value : widest.value
  })

  function look(at: AreaRef | null) {
    chosen.value = at
    if (at) localStorage.setItem(memory, JSON.stringify(at))
    else localStorage.removeItem(memory)
  }

  async function load() {
    const [s, who] = await Promise.allSettled([api.get<Site>('/site'), api.get<Session>('/session')])
    if (s.status === 'fulfilled') {
      site.value = s.value
      setClock(s.value.clockShift)
    }
    if (who.status === 'fulfilled') enter(who.value)
  }

  function enter(told: Session) {
    next.value = told.next
    current.value = told.next === 'second' ? null : told
    actFor(current.value?.account.id ?? '')
    if (current.value) keepDraftsOf(current.value.account.id)
    if (current.value) localStorage.setItem(accountMemory, current.value.account.id)
  }

  /** Asks again who is signed in, e.g. after what had to be done first is done. */
  async function again() {
    enter(await api.get<Session>('/session'))
  }

  async function setUp(request: { token: string; login: string; name: string; password: string }) {
    enter(await api.post<Session>('/setup', request))
  }

  async function signOut() {
    await api.delete('/session').catch((e) => {
      if (!isProblem(e) || e.status !== 401) throw e
    })
    forget()
  }

  function forget() {
    current.value = null
    actFor('')
    keepDraftsOf('')
    next.value = ''
    over.value = false
    settle(false)
  }

  return { current, next, over, askAgain, goOn, enter, again, site, area, widest, can, look, load, setUp, signOut, forget }
})

export type SessionStore = ReturnType<typeof useSession>
