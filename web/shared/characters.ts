/** Texts are bounded and codes are read as the server does it (platform/fold): by characters as people see them, folded. */
import type { Directive } from 'vue'

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null
const split = (text: string): string[] => (segmenter ? Array.from(segmenter.segment(text), (s) => s.segment) : Array.from(text))

/** How many characters a text has: a flag, a family or a letter with its marks is one. */
export const characters = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : split(text).length)

/** The beginning of a text with at most so many characters, none of them cut in two. */
export const cut = (text: string, most: number): string => (text.length <= most ? text : split(text).slice(0, most).join(''))

/** A number or code as it is compared: full-width forms, digits of any script, dashes and blanks of any width, no marks that are not seen. */
export function code(text: string): string {
  const zero = (digit: string) => {
    let point = digit.codePointAt(0)!
    while (/\p{Nd}/u.test(String.fromCodePoint(point - 1)) && digit.codePointAt(0)! - point < 9) point--
    return point
  }
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Variation_Selector}]|(?!\s)\p{Cc}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/(?![0-9])\p{Nd}/gu, (d) => String(d.codePointAt(0)! - zero(d)))
    .replace(/[\s\u2800]+/g, ' ')
    .trim()
}

/** A code that has no blanks. */
export const compact = (text: string): string => code(text).replace(/ /g, '')

type Field = HTMLInputElement | HTMLTextAreaElement
const bounds = new WeakMap<Field, number>()

/** Takes away what was put in beyond the bound, where it was put in: as maxlength does, by characters. */
function bound(event: Event) {
  const field = event.target as Field
  const most = bounds.get(field)
  if (!most || (event as InputEvent).isComposing || characters(field.value) <= most) return
  const at = field.selectionEnd ?? field.value.length
  const [head, tail] = [field.value.slice(0, at), field.value.slice(at)]
  const kept = cut(head, Math.max(0, most - characters(tail)))
  field.value = cut(kept + tail, most)
  field.setSelectionRange(kept.length, kept.length)
}

/** v-most="60": a field takes at most so many characters; nothing bounds it without a number. */
export const vMost: Directive<Field, number | undefined> = {
  created(field, { value }) {
    if (value) bounds.set(field, value)
    field.addEventListener('input', bound, { capture: true })
  },
  updated(field, { value }) {
    if (value) bounds.set(field, value)
    else bounds.delete(field)
  },
}
