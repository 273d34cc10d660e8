/** A share that knows when it is unknown: of nothing there is no rate. */
export function rate(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

/** 87.5% with one decimal where it says something; an unknown rate is a dash. */
export function percent(value: number | null): string {
  if (value === null) return '—'
  const hundredth = Math.round(value * 1000) / 10
  return `${Number.isInteger(hundredth) ? hundredth : hundredth.toFixed(1)}%`
}

/** How a rate moved, in points of a hundred; null when either period is unknown. */
export function moved(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : Math.round((now - before) * 1000) / 10
}

export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** What an inbox counts to; what is more is not counted. */
export const counted = 99

export function upTo(n: number): string {
  return n > counted ? `${counted}+` : String(n)
}
