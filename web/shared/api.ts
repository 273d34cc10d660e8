/** The one way from the faces to the API: typed calls that either answer or throw a Problem. */

import type { paths } from './api.gen'

/** A path of the document with its places open: /casework/cases/{id} as `/casework/cases/${string}`. */
type Open<P> = P extends `${infer A}{${string}}${infer B}` ? `${A}${string}${Open<B>}` : P
type Spoken<Method extends string> = {
  [P in keyof paths]: paths[P] extends Record<Method, object> ? (P extends `/api/v1${infer Rest}` ? Open<Rest> : Open<P>) : never
}[keyof paths]
/** The paths that the API's document has for a method; another is a type error. */
export type GetPath = Spoken<'get'>
export type PostPath = Spoken<'post'>
export type PutPath = Spoken<'put'>
export type DeletePath = Spoken<'delete'>

/** A path of which the server names a part: the verb of a step, the module of a case. */
export const offered = (path: string) => path as GetPath & PostPath

export type Query = Record<string, string | number | boolean | undefined | null>

/** A refusal (RFC 9457) with its stable key and, where a law or the report is behind it, the citation. */
export class Problem extends Error {
  readonly status: number
  readonly key: string
  /** the sentence for the person, in the language asked for; '' when the answer had none */
  readonly sentence: string
  readonly errors: { location: string; label?: string; message: string }[]
  readonly rule?: { basis: string; article: string; key?: string }
  /** of a version that was overtaken: who changed the record last, and when */
  readonly changed?: { by: string; at: number }
  /** id of the request in which a fault happened, by which an operator finds it in the log; else '' */
  readonly request: string

  constructor(
    status: number,
    body: {
      key?: string
      title?: string
      errors?: Problem['errors'] | null
      rule?: Problem['rule']
      changed?: Problem['changed']
      instance?: string
    } = {},
  ) {
    super(body.title || body.key || `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.key = body.key ?? keyOf(status)
    this.sentence = body.key ? (body.title ?? '') : ''
    this.errors = body.errors ?? []
    this.rule = body.rule
    this.changed = body.changed
    this.request = body.instance?.replace('urn:linli:request:', '') ?? ''
  }
}

/** The key of an answer that carries none: told apart by what the person can do about it. */
export function keyOf(status: number): string {
  if (status === 0) return 'ui.error.offline'
  if (status === 401) return 'ui.error.signedOut'
  if (status === 403) return 'ui.error.forbidden'
  if (status === 404) return 'ui.error.notFound'
  if (status === 409) return 'ui.error.stale'
  if (status === 413) return 'ui.error.tooLarge'
  if (status === 429) return 'ui.error.tooMany'
  return status >= 500 ? 'ui.error.server' : 'ui.error.refused'
}

export function isProblem(error: unknown, key?: string): error is Problem {
  return error instanceof Problem && (key === undefined || error.key === key)
}

const base = '/api/v1'
let language = 'zh'
/** whose page this is, or '': the server refuses what would be done as anybody else */
let account = ''
let askToSignIn: () => Promise<boolean> = async () => false
/** the one question that is open, whoever waits for its answer */
let asking: Promise<boolean> | null = null
/** how often somebody has signed in again: a request that was refused before that is repeated without a question */
let entries = 0
/** what begins a session, and whether there is one: their 401 is an answer */
const doors = ['/session', '/session/second', '/session/passkey', '/session/passkey/ask']

/** Sets whose page this is from now on; '' when nobody is signed in. */
export function actFor(id: string): void {
  account = id
}

/** Sets the language in which the server writes names and refusals. */
export function speak(lang: string): void {
  language = lang
}

/**
 * Registers what asks to sign in again when the session has ended on the server. It resolves with true once the same
 * account is signed in; requests that were refused are then sent once more, and with false they fail.
 */
export function whenSignedOut(ask: () => Promise<boolean>): void {
  askToSignIn = ask
}

/** Asks to sign in again; requests wait for the answer. One question at a time. */
export function signInAgain(): Promise<boolean> {
  asking ??= askToSignIn()
    .then((entered) => {
      if (entered) entries++
      return entered
    })
    .finally(() => {
      asking = null
    })
  return asking
}

/** Whether somebody is signed in, after asking where the session has ended: before a link that the browser follows by itself. */
export async function present(): Promise<boolean> {
  return (await send('GET', '/session')).status !== 401 || signInAgain()
}

/** The address of what is read by a link. */
export const address = (path: GetPath, query: Query = {}): string => located(path, query)

function located(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const tail = search.toString()
  return base + path + (tail ? `?${tail}` : '')
}

async function send(method: string, path: string, query?: Query, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language }
  if (account && !doors.includes(path)) headers['Linli-Account'] = account
  const form = body instanceof FormData
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json'
  try {
    return await fetch(located(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? undefined : form ? (body as FormData) : JSON.stringify(body),
    })
  } catch {
    throw new Problem(0)
  }
}

async function reach(method: string, path: string, query?: Query, body?: unknown): Promise<Response> {
  const door = doors.includes(path)
  if (asking && !door) await asking
  const before = entries
  let answer = await send(method, path, query, body)
  if (answer.status === 401 && !door && (entries > before || (await signInAgain()))) answer = await send(method, path, query, body)
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})))
  return answer
}

async function call<T>(method: string, path: string, query?: Query, body?: unknown): Promise<T> {
  const answer = await reach(method, path, query, body)
  if (answer.status === 204) return undefined as T
  const text = await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export const api = {
  get: <T>(path: GetPath, query?: Query) => call<T>('GET', path, query),
  post: <T>(path: PostPath, body?: unknown) => call<T>('POST', path, undefined, body),
  put: <T>(path: PutPath, body: unknown) => call<T>('PUT', path, undefined, body),
  /** A form with several files. */
  send: <T>(path: PostPath, form: FormData, query?: Query) => call<T>('POST', path, query, form),
  /** Content that is asked for by POST, because it is recorded who read it. */
  file: async (path: PostPath): Promise<Blob> => (await reach('POST', path)).blob(),
  delete: <T = void>(path: DeletePath, query?: Query) => call<T>('DELETE', path, query),
  upload: <T>(path: PostPath, file: File, fields: Record<string, string> = {}, query?: Query) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    form.set('file', file)
    return call<T>('POST', path, query, form)
  },
}

/** A key made here once for a submission, so that sending it twice takes it once. */
export function newClientKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
