/**
 * The fields that a flow declares for a step, as every face shows them: words, choices, what is proposed and what is
 * wrong. A face brings the controls (its kit/FieldControl.vue); shared/FieldList.vue puts them in a row.
 */
import { computed, reactive, ref, toValue, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import type { CaseDetail, Move, MoveBody, MoveField, Upload } from './contract'
import { faults, moveBody, type MoveInput } from './move'
import { today } from './wording'

/** What a person fills a field in with. */
export type Control = 'text' | 'line' | 'lines' | 'number' | 'select' | 'checks' | 'area' | 'radio' | 'day' | 'case' | 'files'

/** A field that is declared as data, in words. */
export interface ShownField {
  name: string
  control: Control
  label: string
  required: boolean
  /** greatest length, count or number; 0 for none */
  max: number
  options: { value: string; label: string; note?: string }[]
  placeholder: string
  /** what stands under the control */
  hint: string
  /** what is wrong with what was filled in; '' for nothing */
  fault: string
  /** the day (YYYY-MM-DD) after which a day lies; '' for any */
  after: string
  inputmode?: 'decimal' | 'tel' | 'numeric'
  /** of an area: the level that may be chosen */
  level?: number
}

const controls: Record<MoveField['kind'], Control> = {
  text: 'text',
  lines: 'lines',
  unit: 'select',
  choice: 'radio',
  files: 'files',
  day: 'day',
  number: 'number',
  case: 'case',
  basis: 'line',
}

interface Unit {
  id: string
  name: string
  kind?: string
}

interface Asked {
  /** the flow in whose words the fields are named, e.g. casework.appeal */
  flow: MaybeRefOrGetter<string>
  /** the step; none while no form is open */
  move: MaybeRefOrGetter<(Pick<Move, 'verb' | 'fields'> & Partial<Pick<Move, 'to'>>) | null | undefined>
  /** the one case that the step is taken on */
  of?: CaseDetail
  /** the units that work for the place; undefined until they are read */
  units?: MaybeRefOrGetter<Unit[] | undefined>
  /** for many cases at once: no files, and a unit may be left to each one's own routes */
  many?: boolean
}

/** The form of a step: fields is how it is shown, values what was filled in, valid whether it may be sent, body what is. */
export function useMoveFields({ flow, move, of, units, many }: Asked) {
  const { t, te } = useI18n()
  const input = reactive<MoveInput>({})
  const files = reactive<Record<string, Upload[]>>({})
  const tried = ref(false)
  const asked = computed(() => (toValue(move)?.fields ?? []).filter((f) => !(many && f.kind === 'files')))
  const asksUnit = computed(() => asked.value.some((f) => f.kind === 'unit'))
  const step = () => ({ ...(toValue(move) as Move), fields: asked.value })
  /** Who becomes responsible by the routes, or by the subject's own entry; only of a step that goes on. */
  const routed = computed(() => (of && toValue(move)?.to !== of.state ? of.routed : undefined))

  const first = (...keys: string[]) => t(keys.find((k) => te(k)) ?? keys[keys.length - 1]!)
  const verb = () => toValue(move)?.verb ?? ''
  const option = (value: string) =>
    first(`${toValue(flow)}.choice.${verb()}.${value}`, `${toValue(flow)}.choice.${value}`, `ui.move.choice.${value}`)

  /** Who may be named: whoever helps when one is released, else the units that work for the place and the proposed one. */
  const choices = computed<ShownField['options']>(() => {
    if (of && verb() === 'release') return of.parts.filter((p) => p.state === 'open').map((p) => ({ value: p.unit.id, label: p.unit.name }))
    const known = toValue(units) ?? []
    const own = routed.value?.unit
    return [...known, ...(own && !known.some((u) => u.id === own.id) ? [{ id: own.id, name: own.name }] : [])].map((u: Unit) => ({
      value: u.id,
      label: u.name,
      note: u.kind ? t(`registry.body.${u.kind}`) : undefined,
    }))
  })

  function hint(f: MoveField): string {
    if (f.kind === 'lines') return t('ui.move.linesHint')
    const by = f.kind === 'unit' ? routed.value : undefined
    return by?.unit ? [t(`ui.route.by.${by.by}`, { unit: by.unit.name }), by.note].filter(Boolean).join(' ') : ''
  }

  const wrong = computed(() => (tried.value && toValue(move) ? faults(step(), input) : {}))
  const fields = computed<ShownField[]>(() =>
    asked.value.map((f) => ({
      name: f.name,
      control: controls[f.kind],
      label: first(
        `${toValue(flow)}.field.${verb()}.${f.name}`,
        `${toValue(flow)}.field.${f.name}`,
        `ui.move.field.${f.name}`,
        `ui.move.kind.${f.kind}`,
      ),
      required: f.required,
      max: f.max,
      options: f.kind === 'unit' ? choices.value : (f.options ?? []).map((value) => ({ value, label: option(value) })),
      placeholder: f.kind !== 'unit' ? '' : t(many && !f.required ? 'ui.bulk.ownRoute' : 'ui.move.chooseUnit'),
      hint: hint(f),
      fault: wrong.value[f.name] ? t(`ui.move.${wrong.value[f.name]}`, { max: f.max }) : '',
      after: f.kind === 'day' ? today() : '',
    })),
  )

  /** Fills in what the routes propose, where nothing was chosen. */
  function propose() {
    for (const f of asked.value)
      if (f.kind === 'unit' && !input[f.name] && toValue(units) && routed.value?.unit) input[f.name] = routed.value.unit.id
  }

  /** Whether anything was filled in by hand: a unit may have been proposed. */
  const touched = () =>
    asked.value.some((f) => {
      const value = input[f.name]
      return f.kind !== 'unit' && (Array.isArray(value) ? value.length > 0 : String(value ?? '').trim() !== '')
    })

  /** What the form holds, as a draft keeps it; write puts it back, and without a draft empties the form. */
  const content = () => ({ input: { ...input }, files: { ...files } })
  function write(kept: Partial<ReturnType<typeof content>> = {}) {
    for (const [into, from] of [[input, kept.input ?? {}] as const, [files, kept.files ?? {}] as const]) {
      for (const name of Object.keys(into)) if (!(name in from)) delete into[name]
      Object.assign(into, from)
    }
    tried.value = false
  }

  /** Whether everything is filled in as it must be; from now on what is not is said. */
  function valid(): boolean {
    tried.value = true
    return Object.keys(wrong.value).length === 0
  }

  /** What is sent: the version seen, and of each field what was given. */
  const body = (version: number): MoveBody => moveBody(step(), version, input)

  /** What the controls show; set takes what a person filled in. */
  const values = computed<Record<string, unknown>>(() => ({ ...input, ...files }))
  function set(name: string, value: unknown) {
    if (asked.value.find((f) => f.name === name)?.kind !== 'files') input[name] = value as string | undefined
    else {
      files[name] = value as Upload[]
      input[name] = files[name].map((f) => f.id)
    }
  }

  return { fields, values, set, asksUnit, propose, touched, content, write, valid, body }
}
