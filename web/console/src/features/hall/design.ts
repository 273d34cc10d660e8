import { trimmedFields, type Pair } from '@console/kit/formDesign'
import type { Told } from '@shared/contract'

/** The text of an edition, and its parts, in both languages. */
export type Content = Told<'HallContent'>
export type Material = Content['materials'][number]
export type Edition = Told<'HallEditionView'>
export type EditionSummary = Told<'HallEditionSummary'>

const pair = (): Pair => ({ zh: '', en: '' })

export const newMaterial = (): Material => ({
  name: pair(),
  basis: pair(),
  copies: 1,
  form: 'either',
  required: true,
  held: false,
  source: pair(),
})

/** An item of which nothing is said yet. */
export const newContent = (): Content => ({
  code: '',
  kind: 'government',
  type: '20',
  name: pair(),
  summary: pair(),
  department: '',
  level: 3,
  statutory: { amount: 20, unit: 'workday' },
  promised: { amount: 10, unit: 'workday' },
  who: [pair()],
  conditions: [pair()],
  materials: [],
  steps: [pair()],
  fee: pair(),
  result: pair(),
  place: pair(),
  bases: [{ name: pair(), article: pair(), certainty: 'U', source: pair(), note: pair() }],
  form: [],
  agent: true,
})

/** What is sent: texts that are left out are empty in both languages, and a condition without a field is none. */
export function trimmed(content: Content): Content {
  const out = JSON.parse(JSON.stringify(content)) as Content
  out.form = trimmedFields(out.form)
  if (!out.official) delete out.official
  return out
}
