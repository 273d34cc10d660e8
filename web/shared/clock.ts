/** How far the program's clock is ahead of the browser's, in milliseconds: a demo's test clock. */
let shift = 0

export function setClock(ms: number | undefined): void {
  shift = ms ?? 0
}

/** The instant on the program's clock, in milliseconds since 1970. */
export function now(): number {
  return Date.now() + shift
}
