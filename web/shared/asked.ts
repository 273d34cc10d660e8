import type { FormField, PlainKind } from './contract'
import type { Control, ShownField } from './moveFields'

/** How a question of each kind of one value, or of some options, is asked. */
const looks: Record<PlainKind, [control: Control, most: number, inputmode?: ShownField['inputmode']]> = {
  text: ['line', 200],
  textarea: ['text', 2000],
  choice: ['select', 0],
  choices: ['checks', 0],
  date: ['day', 0],
  number: ['line', 200, 'decimal'],
  phone: ['line', 200, 'tel'],
  idnumber: ['line', 200],
  area: ['area', 0],
}

type Say = (key: string, args?: Record<string, unknown>) => string

/** A question as it is shown, with what is wrong with its answer in words. */
export function shownOf(f: FormField, fault: string, t: Say): ShownField {
  const [control, most, inputmode] = looks[f.kind as PlainKind]
  const range =
    f.kind === 'number' ? t(f.decimals ? 'form.page.decimals' : 'form.page.range', { min: f.min, max: f.max, digits: f.decimals ?? 0 }) : ''
  return {
    name: f.key,
    control,
    label: f.unit ? t('form.page.unit', { label: f.label, unit: f.unit }) : f.label,
    required: f.required,
    max: f.kind === 'text' || f.kind === 'textarea' ? f.max || most : most,
    options: f.options ?? [],
    placeholder: control === 'select' ? t('ui.form.choose') : '',
    hint: [f.hint, range].filter(Boolean).join(t('form.page.between')),
    fault,
    after: '',
    inputmode,
    level: f.level,
  }
}
