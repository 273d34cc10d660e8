/** The body of a move, made from the fields that the flow declares for it. */
import { api, isProblem, offered } from './api'
import { characters, compact } from './characters'
import type { Case, CaseDetail, Move, MoveBody, MoveField } from './contract'
import { matterOf } from './matter'

export interface MoveInput {
  [field: string]: string | string[] | number | undefined
}

/** What a person typed in a field, trimmed; lists lose their empty lines. */
function given(field: MoveField, input: MoveInput): string | string[] | number | undefined {
  const value = input[field.name]
  if (field.kind === 'number') return Number(compact(String(value ?? ''))) || undefined
  if (typeof value === 'number') return undefined
  if (field.kind === 'lines' || field.kind === 'files') {
    const list = Array.isArray(value) ? value : (value ?? '').split('\n')
    const kept = list.map((line) => line.trim()).filter((line) => line !== '')
    return kept.length ? kept : undefined
  }
  const text = Array.isArray(value) ? value.join('\n') : (value ?? '')
  return text.trim() || undefined
}

/** What a bound is for: of a number itself, of lines how many, of a text its characters. */
const amount = (value: string | string[] | number) =>
  typeof value === 'number' ? value : typeof value === 'string' ? characters(value) : value.length

/** The names of required fields that are still empty, and of those filled beyond their bound. */
export function faults(move: Move, input: MoveInput): Record<string, 'required' | 'tooLong'> {
  const out: Record<string, 'required' | 'tooLong'> = {}
  for (const field of move.fields) {
    const value = given(field, input)
    if (value === undefined) {
      if (field.required) out[field.name] = 'required'
    } else if (field.max && amount(value) > field.max) out[field.name] = 'tooLong'
  }
  return out
}

/** The request body: the version seen, and of each declared field what was given. */
export function moveBody(move: Move, version: number, input: MoveInput): MoveBody {
  const body: Record<string, unknown> = { version }
  for (const field of move.fields) {
    const value = given(field, input)
    if (value !== undefined) body[field.name] = value
  }
  return body as unknown as MoveBody
}

/**
 * The case as it is now, when a move was refused because somebody else moved it meanwhile: the server says so, or it is
 * no longer the version that was seen. Null for every other refusal.
 */
export async function newerCase(refusal: unknown, seen: Pick<CaseDetail, 'id' | 'version'>): Promise<CaseDetail | null> {
  if (!isProblem(refusal) || (refusal.status !== 409 && refusal.status !== 412)) return null
  const now = await api.get<CaseDetail>(`/casework/cases/${seen.id}`).catch(() => null)
  return now && now.version !== seen.version ? now : null
}

export const movePath = (kind: string, id: string, verb: string) => offered(`${matterOf(kind).path}/${id}/${verb}`)

/** What a case is called, by its matter. */
export const titleOf = (c: Pick<Case, 'kind' | 'title' | 'subjectName'>): string => matterOf(c.kind).title(c)

/** The steps that carry a case on, the flow's next one first, and apart from them the exceptional measures. */
export const inOrder = (allowed: Move[]) => ({ next: allowed.filter((m) => !m.aside), aside: allowed.filter((m) => m.aside) })

/** A step with the cases that offer it. */
export interface Offer extends Move {
  cases: CaseDetail[]
}

/** Every step that one of the cases offers, those that ask for files aside: of one kind of case the order of its flow stays. */
export function union(cases: CaseDetail[]): Offer[] {
  const offers = new Map<string, Offer>()
  for (const c of cases) {
    for (const move of c.allowed) {
      if (move.fields.some((f) => f.kind === 'files' && f.required)) continue
      const key = `${c.kind} ${move.verb}`
      const offer = offers.get(key) ?? { ...move, cases: [] }
      offer.cases.push(c)
      offers.set(key, offer)
    }
  }
  const all = [...offers.values()]
  return [...all.filter((m) => !m.aside), ...all.filter((m) => m.aside)]
}

/** The flow whose words (states, verbs, fields) a case speaks. */
export const flowOf = (kind: string): string => matterOf(kind).flow
