/** A step on a case that somebody else has moved meanwhile: what was typed stays, and what happened is told. */
import { computed, shallowRef } from 'vue'
import type { CaseDetail, CaseEvent, Move } from './contract'
import { flowOf, newerCase } from './move'
import { calendarDay } from './wording'

type Say = (key: string, named?: Record<string, unknown>) => string

/** What an event of a case was, in the words of its flow. */
export function eventWords(of: Pick<CaseDetail, 'kind'>, e: CaseEvent, lang: string, t: Say, te: (key: string) => boolean): string {
  const flow = flowOf(of.kind)
  const keys = [`${flow}.did.${e.verb}`, `${flow}.verb.${e.verb}`, `casework.did.${e.verb}`, `casework.verb.${e.verb}`]
  const days = { was: calendarDay(e.data.was_due ?? '', lang), due: calendarDay(e.data.due ?? '', lang) }
  return t(keys.find((key) => te(key)) ?? `${flow}.state.${e.to}`, days)
}

export function useOvertaken(of: CaseDetail, move: Move) {
  /** the case as it was when the form was opened, or when its newest state was taken over */
  const seen = shallowRef(of)
  const now = shallowRef<CaseDetail | null>(null)
  const last = (c: CaseDetail) => Math.max(0, ...c.events.map((e) => e.seq))
  /** what others did since */
  const since = computed(() => now.value?.events.filter((e) => e.seq > last(seen.value)) ?? [])
  /** whether the step can still be taken */
  const possible = computed(() => now.value?.allowed.some((m) => m.verb === move.verb) ?? true)

  /** Whether a refusal means that; the case as it is now is then in `now`. */
  async function lost(refusal: unknown): Promise<boolean> {
    now.value = await newerCase(refusal, seen.value)
    return now.value !== null
  }

  /** Goes on from the newest state with what was typed. */
  function goOn() {
    if (now.value) seen.value = now.value
    now.value = null
  }

  return { seen, now, since, possible, lost, goOn }
}
