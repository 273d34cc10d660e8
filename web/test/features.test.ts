import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes } from '../console/src/router'
import { features } from '../console/src/shell/features'
import { moduleGroups } from '../console/src/shell/modules'

const folder = join(__dirname, '..', 'console', 'src', 'features')

describe('features', () => {
  it('lists every folder once', () => {
    const folders = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'feature.ts')))
    expect(folders.sort()).toEqual(readdirSync(folder).sort())
    expect(features.length).toBe(folders.length)
    expect(new Set(features).size).toBe(folders.length)
  })

  it('names each route once', () => {
    const names = routes.map((r) => r.name)
    expect(new Set(names).size).toBe(names.length)
    const paths = routes.map((r) => r.path)
    expect(new Set(paths).size).toBe(paths.length)
  })

  it('leads every entry of the menu to a page, in one order', () => {
    for (const group of moduleGroups) {
      expect(group.links.length).toBeGreaterThan(0)
      const orders = group.links.map((l) => l.order)
      expect(new Set(orders).size, group.title).toBe(orders.length)
      for (const link of group.links)
        expect(
          routes.some((r) => r.name === link.route),
          link.route,
        ).toBe(true)
    }
  })
})
