// @vitest-environment happy-dom
import { ElInput } from 'element-plus'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick, ref, withDirectives, vModelText } from 'vue'
import { applicantFaults, idNumberHolds } from '../console/src/features/hall/intake'
import { characters, code, compact, cut, vMost } from '../shared/characters'
import { faults } from '../shared/move'
import type { Move } from '../shared/contract'
import { show } from './face'

const family = '👨‍👩‍👧‍👦' // 11 UTF-16 units
afterEach(() => {
  document.body.innerHTML = ''
})

describe('characters', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['一二', 2],
    ['🇨🇳', 1],
    [family, 1],
    ['e\u0301', 1],
    ['𠮷野', 2],
  ])('of %s are %i', (text, n) => {
    expect(characters(text)).toBe(n)
  })

  it('are never cut in two', () => {
    expect(cut(family.repeat(3), 2)).toBe(family.repeat(2))
    expect(cut('甲乙', 5)).toBe('甲乙')
  })
})

describe('codes', () => {
  it.each([
    ['１３８　0000　１１１１', '138 0000 1111'],
    ['320703—00001', '320703-00001'],
    ['\u202a138\u202c', '138'],
    ['٣٢', '32'],
    [' x\t y ', 'x y'],
  ])('%j is read as %s', (typed, read) => {
    expect(code(typed)).toBe(read)
  })

  it('are judged as the server judges them', () => {
    expect(idNumberHolds('１１０105 19491231 002x')).toBe(true)
    expect(applicantFaults({ name: '张三', phone: '１３８ 0000 1111', idNumber: '11010519491231002X', area: '1' })).toEqual({})
    expect(compact(' 3 2 ')).toBe('32')
  })
})

describe('a bound of characters', () => {
  const most = 5
  const whole = family.repeat(most)

  it('of an el-input cuts no emoji, and takes as many as the server does', async () => {
    const value = ref('')
    const input = show(
      defineComponent(
        () => () =>
          h(ElInput, {
            modelValue: value.value,
            'onUpdate:modelValue': (v: string) => {
              value.value = v
            },
            maxlength: most,
            showWordLimit: true,
          }),
      ),
      {},
    )
    const field = input.find('input').element
    expect(field.hasAttribute('maxlength'), 'of the browser, in UTF-16 units').toBe(false)
    field.value = whole
    await input.find('input').trigger('input')
    expect(value.value).toBe(whole)
    expect(input.text()).toContain(`${most} / ${most}`)
    field.value = whole + '多'
    await input.find('input').trigger('input')
    expect(value.value).toBe(whole)
  })

  it('of a plain field takes away what was put in beyond it, where it was put in', async () => {
    const value = ref('')
    const input = show(
      defineComponent(
        () => () =>
          withDirectives(
            h('input', {
              'onUpdate:modelValue': (v: string) => {
                value.value = v
              },
            }),
            [
              [vModelText, value.value],
              [vMost, most],
            ],
          ),
      ),
      {},
    )
    const field = input.find('input').element as HTMLInputElement
    const put = async (text: string, at = text.length) => {
      field.value = text
      field.setSelectionRange(at, at)
      await input.find('input').trigger('input')
      await nextTick()
    }
    await put(whole)
    expect(value.value).toBe(whole)
    await put(`甲${family}乙${whole.slice(family.length)}`, `甲${family}乙`.length)
    expect(value.value, 'what stood behind the caret stays').toBe(`甲${whole.slice(family.length)}`)
  })

  it('of a step is of characters, too', () => {
    const move = {
      verb: 'x',
      to: '',
      danger: false,
      aside: false,
      fields: [{ name: 'note', kind: 'text', required: true, max: most }],
    } as unknown as Move
    expect(faults(move, { note: whole })).toEqual({})
    expect(faults(move, { note: whole + family })).toEqual({ note: 'tooLong' })
  })

  it('is never left to the browser', () => {
    const root = join(__dirname, '..')
    const components = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) => {
        const path = join(folder, name)
        return statSync(path).isDirectory() ? components(path) : name.endsWith('.vue') ? [path] : []
      })
    const native = /<(input|textarea)\b[^>]*\bmaxlength/
    expect(
      [...components(join(root, 'console/src')), ...components(join(root, 'field/src'))].filter((path) =>
        native.test(readFileSync(path, 'utf8')),
      ),
    ).toEqual([])
  })
})
