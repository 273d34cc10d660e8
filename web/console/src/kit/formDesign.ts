import type { FieldKind, FormField, Told } from '@shared/contract'

/** A text in both languages, and one question of a form as its designer sets it. */
export type Pair = Told<'TextPair'>
export type Field = Told<'FormField'>
export type Column = NonNullable<Field['columns']>[number]
export type Fault = { location: string; message: string }

const pair = (): Pair => ({ zh: '', en: '' })

/** What each kind of field has beside what all have. TypeScript demands a row for every kind that the API knows. */
export const traits: Record<
  FieldKind,
  { options?: true; range?: true; length?: true; days?: true; level?: true; personal?: true; count?: true; columns?: true }
> = {
  text: { length: true },
  textarea: { length: true },
  number: { range: true },
  date: { days: true },
  choice: { options: true },
  choices: { options: true },
  phone: { personal: true },
  idnumber: { personal: true },
  area: { level: true },
  table: { count: true, columns: true },
  file: { count: true },
}

/** All kinds, for whoever can ask each of them. */
export const allKinds = Object.keys(traits) as FieldKind[]
/** The kinds that every face can ask: those of one value or of some options. */
export const kinds = allKinds.filter((k) => !traits[k].count)
/** The kinds of the columns of a table: those of one value on one line. */
export const columnKinds = kinds.filter((k) => k !== 'textarea' && k !== 'choices')

/** A key that no field has yet: the wanted one, or with a number behind it. */
export function freeKey(form: Field[], wanted: string): string {
  const stem = wanted.replace(/_\d+$/, '') || 'field'
  for (let n = 1; ; n++) {
    const key = n === 1 ? stem : `${stem}_${n}`
    if (!form.some((f) => f.key === key)) return key
  }
}

/** A field behind another one, in its group; at the end without one. */
export function addField(form: Field[], kind: FieldKind, after = form.length - 1): number {
  const group = form[after]?.group ?? pair()
  form.splice(
    after + 1,
    0,
    setKind({ key: freeKey(form, kind), label: pair(), kind, required: true, personal: false, group: { ...group } }, kind),
  )
  return after + 1
}

/** A field after its kind has changed: what the new kind does not have is gone. */
export function setKind(field: Field, kind: FieldKind): Field {
  const has = traits[kind]
  const { options, min, max, from, to, unit, decimals, level, columns, ...kept } = field
  return {
    ...kept,
    kind,
    personal: has.personal ? true : field.personal,
    ...(has.options ? { options: options?.length ? options : [newOption([]), newOption([newOption([])])] } : {}),
    ...(has.range ? { min: min ?? 0, max: max || 100, decimals: decimals ?? 0, ...(unit ? { unit } : {}) } : {}),
    ...(has.length && max && traits[field.kind].length ? { max } : {}),
    ...(has.days ? { from: from ?? '', to: to ?? '' } : {}),
    ...(has.level ? { level: level ?? 5 } : {}),
    ...(has.count && traits[field.kind].count ? { max: kind === 'file' ? Math.min(max ?? 0, 9) : (max ?? 0) } : {}),
    ...(has.columns ? { columns: columns?.length ? columns : [newColumn([])] } : {}),
  }
}

/** A column of a table, under a key that no other has. */
export const newColumn = (columns: Column[]): Column => ({
  key: freeKey(columns as Field[], 'column'),
  label: pair(),
  kind: 'text',
  required: true,
  personal: false,
})

/** A column as a field, as its designer sees it; and back: a column has neither group nor condition of its own. */
export const columnField = (column: Column): Field => ({ ...column, group: pair() }) as Field
export function fieldColumn(field: Field): Column {
  const { group: _group, only: _only, columns: _columns, ...column } = field
  return column as Column
}

/** A list with one of its members moved by one place. */
export function moved<T>(list: T[], at: number, by: -1 | 1): T[] {
  const next = [...list]
  const [one] = next.splice(at, 1)
  next.splice(at + by, 0, one!)
  return next
}

/** An option with a value that no other has. */
export function newOption(options: { value: string }[]): { value: string; label: Pair } {
  for (let n = options.length + 1; ; n++)
    if (!options.some((o) => o.value === `option_${n}`)) return { value: `option_${n}`, label: pair() }
}

/** Moves a field by one place; it joins the group that it comes to stand in, so that no group is torn. */
export function moveField(form: Field[], at: number, by: -1 | 1): number {
  const to = at + by
  const field = form[at]
  const other = form[to]
  if (!field || !other) return at
  const same = field.group.zh === other.group.zh && field.group.en === other.group.en
  if (!same) {
    form[at] = { ...field, group: { ...other.group } }
    return at
  }
  form[at] = other
  form[to] = field
  return to
}

/** A copy behind the field, under a key of its own. */
export function duplicateField(form: Field[], at: number): number {
  const copy = JSON.parse(JSON.stringify(form[at])) as Field
  copy.key = freeKey(form, copy.key)
  form.splice(at + 1, 0, copy)
  return at + 1
}

/** The choices before a field: what its condition may look at. */
export const deciders = (form: Field[], at: number) => form.slice(0, at).filter((f) => traits[f.kind].options)

/** The fields whose condition looks at a field. */
export const dependants = (form: Field[], key: string) => form.filter((f) => f.only?.field === key)

/** Renames a field, and follows it in the conditions that look at it. */
export function renameField(form: Field[], at: number, key: string) {
  const was = form[at]!.key
  for (const f of dependants(form, was)) f.only = { ...f.only!, field: key }
  form[at]!.key = key
}

/** Gives all fields of a group another heading. */
export function renameGroup(form: Field[], at: number, group: Pair) {
  const was = { ...form[at]!.group }
  for (const f of form) if (f.group.zh === was.zh && f.group.en === was.en) f.group = { ...group }
}

/** Whether a group begins at a field. */
export const beginsGroup = (form: Field[], at: number) =>
  at === 0 || form[at]!.group.zh !== form[at - 1]!.group.zh || form[at]!.group.en !== form[at - 1]!.group.en

/** The form in one language, as applicants are asked. */
export const viewOf = (form: Field[], lang: 'zh' | 'en'): FormField[] =>
  form.map((f) => ({
    key: f.key,
    label: f.label[lang],
    kind: f.kind,
    options: (f.options ?? []).map((o) => ({ value: o.value, label: o.label[lang] })),
    required: f.required,
    personal: f.personal,
    group: f.group[lang],
    min: f.min ?? 0,
    max: f.max ?? 0,
    hint: f.hint?.[lang] ?? '',
    unit: f.unit?.[lang] ?? '',
    decimals: f.decimals ?? 0,
    level: f.level ?? 0,
    only: f.only as FormField['only'],
  }))

/** The faults at or below a place of the content, e.g. form[2]. */
export const faultsAt = (faults: Fault[], at: string) =>
  faults.filter((f) => f.location === at || f.location.startsWith(`${at}.`) || f.location.startsWith(`${at}[`))

/** The fields as they are sent: texts that are left out are empty in both languages, and a condition without a field is none. */
export function trimmedFields<F extends Field>(form: F[]): F[] {
  const out = JSON.parse(JSON.stringify(form)) as F[]
  for (const f of out) {
    if (f.only && !f.only.field) delete f.only
    if (f.only?.not?.length) delete f.only.is
    for (const of of [f, ...(f.columns ?? [])])
      for (const name of ['hint', 'unit'] as const) if (of[name] && !of[name]!.zh.trim() && !of[name]!.en.trim()) delete of[name]
  }
  return out
}
