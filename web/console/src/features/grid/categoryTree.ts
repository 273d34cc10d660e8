import type { Category } from '@shared/contract'

export interface CategoryGroup {
  code: string
  name: string
  categories: Category[]
}

/** Classes with their sub-classes; a class without any stands as its own. */
export function categoryTree(all: Category[]): CategoryGroup[] {
  const parents = all.filter((c) => !c.parent)
  return parents.map((p) => {
    const below = all.filter((c) => c.parent === p.code)
    return { code: p.code, name: p.name, categories: below.length ? below : [p] }
  })
}
