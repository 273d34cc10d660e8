/**
 * Forms as the API tells them: which fields are asked, and how they are grouped. The server judges again by the same
 * rules (internal/platform/form).
 */
import type { FormCondition, FormField } from './contract'

/** The values that an answer to a choice holds. */
export const chosen = (answer: string | undefined) => (answer ?? '').split(' ').filter(Boolean)

/** Whether an answer fulfils a condition; a choice without an answer fulfils none. */
export function holds(only: Pick<FormCondition, 'is' | 'not'>, answer: string | undefined): boolean {
  const values = chosen(answer)
  if (!values.length) return false
  const not = only.not ?? []
  return not.length ? !values.some((v) => not.includes(v)) : values.some((v) => (only.is ?? []).includes(v))
}

/** The fields that these answers let be asked. */
export function askedOf<F extends Pick<FormField, 'key' | 'only'>>(form: F[], answers: Record<string, string>): F[] {
  const asked = new Set<string>()
  return form.filter((f) => {
    const is = !f.only || (asked.has(f.only.field) && holds(f.only, answers[f.only.field]))
    if (is) asked.add(f.key)
    return is
  })
}

/** The fields of a form by their groups, in the order in which they come. */
export function groupsOf<F extends { group: string }>(form: F[]): { group: string; fields: F[] }[] {
  const out: { group: string; fields: F[] }[] = []
  for (const field of form) {
    const last = out.find((g) => g.group === field.group)
    if (last) last.fields.push(field)
    else out.push({ group: field.group, fields: [field] })
  }
  return out
}
