import { afterEach, describe, expect, it, vi } from 'vitest'
import { completeTexts, createTexts, useLanguage } from '../shared/i18n'
import { Problem } from '../shared/api'
import { keep, sendShots, type Shot, type ShotStore } from '../field/src/kit/device'

const memory = new Map<string, string>()
const page = () => {
  vi.stubGlobal('localStorage', { getItem: (k: string) => memory.get(k) ?? null, setItem: (k: string, v: string) => void memory.set(k, v) })
  vi.stubGlobal('document', { cookie: '', documentElement: { lang: '' } })
}
const online = () => vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ 'grid.incident.state.open': '办理中' })))
const offline = () =>
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('no network')
  })

afterEach(() => {
  vi.unstubAllGlobals()
  memory.clear()
})

describe('the texts of the server', () => {
  it('are there without signal after one visit', async () => {
    page()
    online()
    await useLanguage(createTexts(), 'zh')
    offline()
    const later = createTexts()
    await useLanguage(later, 'zh')
    expect(later.global.t('grid.incident.state.open')).toBe('办理中')
  })

  it('come with the signal when the first visit had none', async () => {
    page()
    offline()
    const i18n = createTexts()
    await useLanguage(i18n, 'zh')
    expect(i18n.global.t('grid.incident.state.open')).toBe('grid.incident.state.open')
    online()
    await completeTexts()
    expect(i18n.global.t('grid.incident.state.open')).toBe('办理中')
  })
})

describe('a photo', () => {
  const shots = (...keys: string[]): Shot[] => keys.map((key) => ({ key, draft: 'report', photo: new File([key], `${key}.jpg`) }))
  const store = () => {
    const kept = new Map<string, Shot>()
    const it: ShotStore = {
      put: async (s) => void kept.set(s.key, s),
      of: async (draft) => [...kept.values()].filter((s) => s.draft === draft),
      drop: async (key) => void kept.delete(key),
    }
    return { kept, it }
  }

  it('stays on the device until the server has it', async () => {
    const { kept, it: device } = store()
    const taken = shots('a', 'b')
    for (const s of taken) expect(await keep(device, s)).toBe(true)
    const sent: string[] = []
    const refused = await sendShots(
      device,
      taken,
      async (photo) => {
        if (photo.name === 'b.jpg') throw new TypeError('no network')
        return { id: 'u1' } as never
      },
      (s) => sent.push(s.key),
    )
    expect(refused).toBeInstanceOf(TypeError)
    expect([sent, [...kept.keys()]]).toEqual([['a'], ['b']])
    expect(
      await sendShots(
        device,
        await device.of('report'),
        async () => ({ id: 'u2' }) as never,
        (s) => sent.push(s.key),
      ),
    ).toBeNull()
    expect([sent, kept.size]).toEqual([['a', 'b'], 0])
  })

  it('that the server refuses for what they are hold up no other, and stay until they are removed', async () => {
    const { it: device, kept } = store()
    const taken = shots('a', 'b')
    for (const s of taken) await keep(device, s)
    const [sent, refused]: [string[], string[]] = [[], []]
    const last = await sendShots(
      device,
      taken,
      async (photo) => {
        if (photo.name === 'a.jpg') throw new Problem(422, { key: 'invalid' })
        return { id: 'u1' } as never
      },
      (s) => sent.push(s.key),
      (s) => refused.push(s.key),
    )
    expect(last).toMatchObject({ status: 422 })
    expect([sent, refused, [...kept.keys()]]).toEqual([['b'], ['a'], ['a']])
  })

  it('that the device has no room for is said to be so', async () => {
    const full: ShotStore = {
      ...store().it,
      put: async () => {
        throw new Error('quota')
      },
    }
    expect(await keep(full, shots('a')[0]!)).toBe(false)
  })
})
