import { compact } from '@shared/characters'
import type { AreaFacilities } from '@shared/contract'

/** In the order in which they are shown. */
export const facilityKinds = ['hall', 'clinic', 'elderly', 'hrss'] as const
export type FacilityKind = (typeof facilityKinds)[number]

export type Known = 'yes' | 'no' | 'unknown'
export type FacilityFields = Record<FacilityKind, Known> & { premises: string; pilot: string; checkedOn: string; source: string }

const known = (value: boolean | undefined): Known => (value === undefined ? 'unknown' : value ? 'yes' : 'no')

export function toForm(f: AreaFacilities): FacilityFields {
  return {
    hall: known(f.hall),
    clinic: known(f.clinic),
    elderly: known(f.elderly),
    hrss: known(f.hrss),
    premises: f.premises === undefined ? '' : String(f.premises),
    pilot: f.pilot,
    checkedOn: f.checkedOn,
    source: f.source,
  }
}

/** What is unknown is left out, so that it stays unknown. */
export function fromForm(form: FacilityFields, version: number): AreaFacilities {
  const out: AreaFacilities = { pilot: form.pilot.trim(), checkedOn: form.checkedOn ?? '', source: form.source.trim(), version }
  for (const kind of facilityKinds) if (form[kind] !== 'unknown') out[kind] = form[kind] === 'yes'
  if (form.premises !== '') out.premises = Number(compact(form.premises))
  return out
}
