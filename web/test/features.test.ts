import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes } from '../console/src/router'
import { features } from '../console/src/shell/features'
import { caseKinds, matterOf } from '../shared/matter'
import { movePath, titleOf } from '../shared/move'
import { matters } from '../console/src/shell/features'
import { moduleGroups } from '../console/src/shell/modules'

const folder = join(__dirname, '..', 'console', 'src', 'features')

const web = join(__dirname, '..')
const sources = (at: string): string[] =>
  readdirSync(join(web, at)).flatMap((name) => {
    const path = `${at}/${name}`
    return statSync(join(web, path)).isDirectory() ? sources(path) : /\.(ts|vue)$/.test(name) && !name.endsWith('.gen.ts') ? [path] : []
  })

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

describe('the matters of cases', () => {
  const told = { title: '路灯不亮', subjectName: '路灯' }

  it('are registered by their features, each with its flow, its routes, its title and its section', () => {
    expect(matters.map((m) => m.kind).sort()).toEqual(['application', 'incident', 'task'])
    expect(caseKinds().sort()).toEqual(matters.map((m) => m.kind).sort())
    for (const m of matters) {
      expect(movePath(m.kind, 'c1', 'accept')).toBe(`${m.path}/c1/accept`)
      expect(m.section && m.subjects).toBeTruthy()
    }
    expect(titleOf({ ...told, kind: 'incident' })).toBe('路灯不亮')
    expect(titleOf({ ...told, kind: 'application' })).toBe('路灯')
  })

  it('that a newer server has are shown by their own words', () => {
    expect(matterOf('visit')).toMatchObject({ kind: 'visit', flow: 'visit', path: '' })
    expect(titleOf({ ...told, kind: 'visit' as never })).toBe('路灯不亮')
  })

  it('are named by no code that is shared, nor by that of cases', () => {
    // contract.ts names the shapes of the API's document as the document does; manuals are named after roles.
    const exempt = ['shared/contract.ts', 'shared/manual.ts']
    const shared = [...sources('shared'), ...sources('console/src/features/casework'), ...sources('console/src/features/route')]
    const named = shared.filter((path) => {
      const text = readFileSync(join(web, path), 'utf8').replace(/display: grid/g, '')
      return !exempt.includes(path) && /['"`/](hall|grid)[./'"`]|features\/(hall|grid)|['"](application|incident)['"]/.test(text)
    })
    expect(named).toEqual([])
    expect(shared.length).toBeGreaterThan(50)
  })
})
