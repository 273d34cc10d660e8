import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes } from '../console/src/router'
import { helpAddress, manualOf, sections } from '../shared/manual'

const files = { window: '窗口手册', grid: '网格员手册', dispatch: '派遣手册', department: '部门手册', admin: '管理员手册' }

const anchors = (slug: keyof typeof files) =>
  [...readFileSync(join(__dirname, '..', '..', 'docs', 'zh', `${files[slug]}.md`), 'utf8').matchAll(/^#+ .*\{#([a-z-]+)\}$/gm)].map(
    (m) => m[1],
  )

describe('manuals', () => {
  it('has one for every role', () => {
    expect(manualOf(['window_worker'])).toBe('window')
    expect(manualOf(['grid_worker'])).toBe('grid')
    expect(manualOf(['dispatcher'])).toBe('dispatch')
    expect(manualOf(['department_clerk'])).toBe('department')
    expect(manualOf(['department_head'])).toBe('department')
    for (const role of ['city_officer', 'auditor', 'supervisory_member', 'system_administrator']) expect(manualOf([role])).toBe('admin')
    expect(manualOf([])).toBe('admin')
    expect(manualOf(['committee_member', 'dispatcher'])).toBe('dispatch')
  })

  it('leads to the section of the page, else to that of the administrators', () => {
    expect(helpAddress(['window_worker'], 'apply')).toBe('/manual/window#apply')
    expect(helpAddress(['window_worker'], 'indicators')).toBe('/manual/admin#indicators')
    expect(helpAddress(['auditor'], 'audit')).toBe('/manual/admin#audit')
  })

  it('knows the sections of each manual', () => {
    for (const slug of Object.keys(sections) as (keyof typeof sections)[])
      expect(sections[slug].toSorted(), slug).toEqual(anchors(slug).toSorted())
  })

  it('has a section about every page of the console in the manual of the administrators', () => {
    const there = anchors('admin')
    expect(routes.map((r) => String(r.name)).filter((name) => name !== 'missing' && !there.includes(name))).toEqual([])
  })
})
