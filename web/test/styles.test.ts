import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// The style of a component comes with the first page that uses it, after ours: what we say of it must weigh more.
describe("what the console says of the library's components", () => {
  it('holds in whatever order the styles come', () => {
    const css = readFileSync(new URL('../console/src/styles/element.css', import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '')
    const rules = [...css.matchAll(/^([^\s@}][^{]*)\{/gm)].map((m) => m[1]!.trim())
    expect(rules.length).toBeGreaterThan(5)
    expect(rules.filter((r) => !r.startsWith(':root'))).toEqual([])
  })
})
