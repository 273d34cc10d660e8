import { fetchChildren } from '@console/features/registry/queries'

/** Levels of areas at and below which nothing is asked further: communities. */
const communityDigits = 12

/** Codes of all communities of an area. */
export async function areasBelow(code: string): Promise<string[]> {
  if (code.length >= communityDigits) return [code]
  const out: string[] = []
  for (const child of (await fetchChildren(code)).items) out.push(...(await areasBelow(child.code)))
  return out
}
