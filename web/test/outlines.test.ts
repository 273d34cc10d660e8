// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import OutlineFindings from '../console/src/features/registry/OutlineFindings.vue'
import OutlinesForm from '../console/src/features/registry/OutlinesForm.vue'
import type { OutlineFinding } from '../shared/contract'
import { en, zh } from './catalogue'
import { button, pageText, server, show } from './face'

beforeEach(() => {
  vi.stubGlobal('scrollTo', () => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

const finding = (refused: boolean): OutlineFinding => ({
  area: '320722001001',
  name: '甲社区',
  other: '320722001002',
  around: '乙社区',
  what: 'overlap',
  at: { lng: 119, lat: 34 },
  metres: 1234.4,
  refused,
})

describe.each([
  ['zh', zh],
  ['en', en],
] as const)('findings of outlines (%s)', (lang, texts) => {
  it('are told with area, cause and consequence, and there may be none', async () => {
    const list = show(OutlineFindings, { findings: [] }, lang)
    expect(list.text()).toBe(texts['ui.outline.none'])
    await list.setProps({ findings: [finding(true), finding(false)], more: 3 })
    const items = list.findAll('li').map((li) => li.text())
    expect(items[0]).toContain(texts['ui.outline.refused'])
    expect(items[0]).toContain('甲社区')
    expect(items[1]).toContain(texts['ui.outline.warned'])
    expect(items).toHaveLength(3)
  })

  it('of a file are shown before it can be saved', async () => {
    let found: OutlineFinding[] = [finding(true)]
    const asked = server(({ path }) => {
      const refused = found.filter((f) => f.refused).length
      return path.startsWith('/registry/outlines')
        ? { body: { outlines: 2, saved: !path.includes('dryRun'), refused, findings: found, more: 0 } }
        : undefined
    })
    const form = show(OutlinesForm, {}, lang)
    const choose = async () => {
      const input = form.find('input[type=file]')
      Object.defineProperty(input.element, 'files', { value: [new File(['{}'], 'a.geojson')], configurable: true })
      await input.trigger('change')
    }
    const judge = async () => {
      await form.find('form').trigger('submit')
      await flushPromises()
    }
    await choose()
    await form.find('#outline-source').setValue('测绘院')
    await judge()
    expect(asked.map((a) => a.path.includes('dryRun=true'))).toEqual([true])
    expect(button(texts['ui.outline.save']).disabled).toBe(true)
    expect(pageText()).toContain('甲社区')

    found = []
    await judge()
    expect(pageText()).toContain(texts['ui.outline.none'])
    button(texts['ui.outline.save']).click()
    await flushPromises()
    expect(asked.at(-1)?.path).not.toContain('dryRun')
  })
})
