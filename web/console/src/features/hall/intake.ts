import { code, compact } from '@shared/characters'
import type { FormField, Upload } from '@shared/contract'
import { askedOf } from '@shared/form'

/** Faults by the id of the input they stand at; the value is the key of the sentence. */
export type Faults = Record<string, string>

/** Files by the index of the material that they prove, or by otherPapers. */
export type Papers = Record<string, Upload[] | undefined>

export const otherPapers = 'other'

/** What an application says of its files: their ids, and of which material each is. */
export function filesOf(papers: Papers): { files: string[]; papers: Record<string, number> } {
  const out: { files: string[]; papers: Record<string, number> } = { files: [], papers: {} }
  for (const [at, files] of Object.entries(papers)) {
    for (const f of files ?? []) {
      out.files.push(f.id)
      if (at !== otherPapers) out.papers[f.id] = Number(at)
    }
  }
  return out
}

export const answerId = (key: string) => `answer-${key}`

export function applicantFaults(form: { name: string; phone: string; idNumber: string; area: string }): Faults {
  const out: Faults = {}
  if (!form.name.trim()) out['applicant-name'] = 'ui.form.required'
  if (!/^1\d{10}$|^0\d{9,11}$/.test(compact(form.phone).replace(/-/g, ''))) out['applicant-phone'] = 'ui.form.phone'
  if (!idNumberHolds(form.idNumber)) out['applicant-id'] = 'ui.form.idNumber'
  if (!form.area) out['applicant-area'] = 'ui.form.area'
  return out
}

/** Shape and check digit of a resident identity number (GB 11643-1999). The server checks again. */
export function idNumberHolds(text: string): boolean {
  const id = compact(text).toUpperCase()
  if (!/^\d{17}[\dX]$/.test(id)) return false
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, w, i) => total + w * Number(id[i]), 0)
  return '10X98765432'[sum % 11] === id[17]
}

export function answerFaults(form: FormField[], answers: Record<string, string>): Faults {
  const out: Faults = {}
  for (const field of askedOf(form, answers)) {
    const value = code(answers[field.key] ?? '')
    if (!value) {
      if (field.required) out[answerId(field.key)] = 'ui.form.required'
    } else if (field.kind === 'idnumber' && !idNumberHolds(value)) out[answerId(field.key)] = 'ui.form.idNumber'
    else if (field.kind === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) out[answerId(field.key)] = 'ui.form.number'
  }
  return out
}
