/** Amounts are whole numbers of fen; people write yuan with at most two decimals. */
export function yuan(fen: number): string {
  const [sign, n] = fen < 0 ? ['-', -fen] : ['', fen]
  return `${sign}${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`
}

/** Reads yuan, e.g. 1,234.5; NaN for what is no amount. Computed in whole numbers. */
export function fen(text: string): number {
  const plain = text.replace(/[,，￥¥\s]/g, '')
  if (!plain) return 0
  const found = /^(-?)(\d{0,10})(?:\.(\d{0,2})0*)?$/.exec(plain)
  if (!found || !(found[2] || found[3])) return NaN
  const n = Number(found[2] || 0) * 100 + Number((found[3] ?? '').padEnd(2, '0'))
  return found[1] ? -n : n
}
