/**
 * Filling in a form that a department sent: what was typed, what is confirmed or disputed of what is held, and what is asked then.
 * The console and the field app share it; each brings its controls.
 */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import type { FormField, Told } from './contract'
import { askedOf, groupsOf } from './form'

export type AnswerDetail = Told<'ExchangeAnswerDetail'>
export type Question = Told<'ExchangeQuestionView'>
/** A text, a list of texts, or rows by the keys of their columns. */
export type Answer = string | string[] | Record<string, string>[]
export type Filled = {
  version: number
  answers: Record<string, Answer>
  marks: Record<string, string>
  why: Record<string, string>
  minutes?: number
}

export const emptyAnswer = (a: unknown) => a === '' || a === undefined || (Array.isArray(a) && !a.length)

/** What the form holds, each question apart, so that two people who answer different ones overwrite nothing of each other's. */
export const readAnswer = (of: AnswerDetail): Record<string, Answer> =>
  Object.fromEntries(
    of.questions.flatMap((q) => [
      [`answers.${q.field.key}`, emptyAnswer(q.answer) ? '' : (q.answer as Answer)],
      [`marks.${q.field.key}`, q.mark ?? ''],
      [`why.${q.field.key}`, q.why ?? ''],
    ]),
  )

/** What a control of one value, or of options apart by blanks, shows of an answer. */
export const shownAnswer = (a: Answer | undefined) => (Array.isArray(a) ? (a as string[]).join(' ') : (a ?? ''))

/** The answer that such a control was given. */
export function typedAnswer(kind: string, value: unknown): Answer {
  const said = String(value ?? '')
  return kind === 'choices' ? said.split(' ').filter(Boolean) : said
}

export function useFilling(of: MaybeRefOrGetter<AnswerDetail>, form: Record<string, Answer>) {
  const questions = () => toValue(of).questions
  const part = <T extends Answer>(name: string) =>
    Object.fromEntries(
      Object.entries(form)
        .filter(([key, value]) => key.startsWith(`${name}.`) && !emptyAnswer(value))
        .map(([key, value]) => [key.slice(name.length + 1), value as T]),
    )
  /** The answers by which conditions are judged: what is held and not disputed, else what was typed. */
  const told = computed(() =>
    Object.fromEntries(
      questions().map((q) => {
        const given = q.held && form[`marks.${q.field.key}`] !== 'disputed' ? q.held.value : form[`answers.${q.field.key}`]
        return [
          q.field.key,
          Array.isArray(given) ? (given as unknown[]).filter((v) => typeof v === 'string').join(' ') : String(given ?? ''),
        ]
      }),
    ),
  )
  const groups = computed(() => {
    const asked = new Set(
      askedOf(
        questions().map((q) => q.field as FormField),
        told.value,
      ).map((f) => f.key),
    )
    return groupsOf(
      questions()
        .filter((q) => asked.has(q.field.key))
        .map((q) => ({ group: q.field.group, question: q })),
    ) as { group: string; fields: { group: string; question: Question }[] }[]
  })
  /** How many questions still want an answer. */
  const left = computed(
    () =>
      groups.value
        .flatMap((g) => g.fields)
        .filter(({ question: q }) =>
          q.held ? !form[`marks.${q.field.key}`] : q.field.required && emptyAnswer(form[`answers.${q.field.key}`]),
        ).length,
  )
  const body = (version: number): Filled => ({ version, answers: part('answers'), marks: part<string>('marks'), why: part<string>('why') })
  const confirmAll = () => {
    for (const q of questions()) if (q.held && !form[`marks.${q.field.key}`]) form[`marks.${q.field.key}`] = 'confirmed'
  }
  return { groups, left, body, confirmAll }
}
