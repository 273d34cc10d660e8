import { Problem } from './api'

/** What a wrong input is called: as the server words it, else by its place in the request; '' for the request as a whole. */
export const nameOf = (wrong: Problem['errors'][number]): string =>
  wrong.label || (['body', 'file'].includes(wrong.location) ? '' : wrong.location)

type Say = (key: string) => string
type Has = (key: string) => boolean

/** The sentence of a refusal: the server's own, else the catalogue's for its key, else what the status means. */
export function sentence(error: unknown, t: Say, te: Has): string {
  if (!(error instanceof Problem)) return t('ui.error.unexpected')
  if (error.key.startsWith('ui.')) return t(error.key)
  if (error.sentence) return error.sentence
  if (te(`error.${error.key}`)) return t(`error.${error.key}`)
  return t(error.status >= 500 ? 'ui.error.server' : 'ui.error.refused')
}
