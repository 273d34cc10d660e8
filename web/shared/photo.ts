import { flowOf } from './move'
import { momentOf } from './wording'
import type { CaseDetail, CaseFile } from './contract'

type Words = (key: string, values?: Record<string, unknown>) => string

export const isPhoto = (f: CaseFile) => f.mediaType.startsWith('image/')

/** Says to whoever does not see a photo what it belongs to: the step, which of how many, and when. */
export function photoWords(c: CaseDetail, f: CaseFile, t: Words, te: (key: string) => boolean, locale: string): string {
  const beside = c.files.filter((o) => o.seq === f.seq && isPhoto(o))
  const verb = c.events.find((e) => e.seq === f.seq)?.verb ?? ''
  const flow = flowOf(c.kind)
  const key = [`${flow}.did.${verb}`, `casework.did.${verb}`].find((k) => te(k))
  return t('ui.file.photoOf', {
    step: key ? t(key) : verb,
    at: beside.indexOf(f) + 1,
    of: beside.length,
    time: momentOf(f.at, locale),
    name: f.name,
  })
}

/** Address of what a list shows of a photo: the small picture where there is one. */
export const thumbPath = (caseId: string, f: CaseFile) =>
  f.thumbnail ? (`/casework/cases/${caseId}/files/${f.id}/thumbnail` as const) : (`/casework/cases/${caseId}/files/${f.id}` as const)
