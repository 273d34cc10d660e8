import { afterEach, expect, test, vi } from 'vitest'
import { isHEIC, readable } from '../shared/shrink'

const file = (name: string, type: string, size = 10) => new File([new Uint8Array(size)], name, { type })

afterEach(() => vi.unstubAllGlobals())

test('a photo of an iPhone is known by its type or its name', () => {
  expect(isHEIC(file('a.jpg', 'image/jpeg'))).toBe(false)
  expect(isHEIC(file('a', 'image/heic'))).toBe(true)
  expect(isHEIC(file('IMG_1.HEIC', ''))).toBe(true)
})

test('what the server can open is sent as it is, HEIC and large photos as JPEG where the browser can', async () => {
  const canvas = {
    width: 0,
    height: 0,
    getContext: () => ({ drawImage: () => {} }),
    toBlob: (done: (b: Blob) => void, type: string) => done(new Blob(['x'], { type })),
  }
  vi.stubGlobal('createImageBitmap', async () => ({ width: 8000, height: 6000 }))
  vi.stubGlobal('document', { createElement: () => canvas })
  const small = file('a.jpg', 'image/jpeg')
  expect(await readable(small)).toBe(small)
  const drawing = file('a.png', 'image/png', 9 << 20)
  expect(await readable(drawing)).toBe(drawing)
  const heic = await readable(file('IMG_1.HEIC', ''))
  expect([heic.name, heic.type]).toEqual(['IMG_1.jpg', 'image/jpeg'])
  expect([canvas.width, canvas.height]).toEqual([4096, 3072])
  expect((await readable(file('b.jpg', 'image/jpeg', 9 << 20))).size).toBe(1)
  vi.stubGlobal('createImageBitmap', async () => {
    throw new Error('cannot')
  })
  const other = file('IMG_2.HEIC', '')
  expect(await readable(other)).toBe(other)
})
