/** Which body a category names as responsible, among those that may become so. */
import type { Body, Category } from './contract'

/** The level of an area by the length of its trimmed code: 2 city, 3 county, 4 street, 5 community, 6 grid. */
export function levelOf(code: string): number {
  return { 4: 2, 6: 3, 9: 4, 12: 5, 15: 6 }[code.length] ?? 0
}

/**
 * The department at the level that the category names; where that level has none, the same
 * department nearest to it. A suggestion only: whoever dispatches may choose otherwise.
 */
export function suggestedUnit(units: Body[], category: Pick<Category, 'department' | 'level'> | undefined): string {
  if (!category?.department) return ''
  const same = units.filter((u) => u.department === category.department)
  same.sort((a, b) => Math.abs(levelOf(a.area) - category.level) - Math.abs(levelOf(b.area) - category.level))
  return same[0]?.id ?? ''
}
