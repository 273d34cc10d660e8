/** A photo as iPhones take it, in a browser that does not open it: each face says what it is and what to do, and keeps the rest. */
import { expectAccessible } from './access'
import { expect, test } from './city'
import { button } from './console'
import { fillPage } from './portal'
import { face } from './words'

/** A photo of 64 by 64 dots, as libheif writes it. */
const heic = {
  name: 'IMG_0042.HEIC',
  mimeType: 'image/heic',
  buffer: Buffer.from(
    [
      'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAA',
      'AAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAAOQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAwmlwcnAA',
      'AACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkA',
      'AAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAA',
      'ABZpcG1hAAAAAAAAAAEAAQOBAoMAAABBbWRhdAAAADUoAa8LYPrINYjnzCnUirDUDXz455aghTxgKLKfuY63IL2z/T3w0cvRUVGuTfKDrdKkxB',
      '38EA==',
    ].join(''),
    'base64',
  ),
}
const said = { zh: 'HEIC', en: 'HEIC' }

for (const lang of ['zh', 'en'] as const) {
  test(`a HEIC photo in the portal, the console and the field app (${lang})`, async ({ city, browser }) => {
    const resident = await city.resident(browser, { lang, phone: true })
    await resident.goto('/report')
    for (let step = 0; step < 8 && !(await resident.locator('main input[type=file]').count()); step++) {
      await fillPage(resident, { description: '垃圾桶旁堆着旧沙发', area: city.account('grid_worker').area.slice(0, 12), text: '东门' })
      await resident.locator('main form .press button:visible, main form.press button:visible').last().click()
    }
    await resident.locator('main input[type=file]').first().setInputFiles(heic)
    await resident.locator('main form .press button:visible, main form.press button:visible').last().click()
    await expect(resident.locator('main')).toContainText(said[lang])
    await expectAccessible(resident, 'a refused photo')
    await resident.screenshot({ path: `results/heic-portal-${lang}.png`, fullPage: true })

    const console_ = await city.staff(browser, 'grid_worker', { lang })
    await console_.goto('/console/grid/new')
    await console_.locator('input[type=file]').first().setInputFiles(heic)
    await expect(console_.getByRole('alert')).toContainText(said[lang])
    await console_.screenshot({ path: `results/heic-console-${lang}.png` })

    const field = await city.staff(browser, 'grid_worker', { lang, phone: true })
    await field.goto('/field/report')
    await field.locator('input[type=file]').first().setInputFiles(heic)
    await expect(field.getByRole('alert')).toContainText(said[lang])
    await expect(field.getByText(face(lang, 'ui.field.photoRefused'))).toBeVisible()
    await field.screenshot({ path: `results/heic-field-${lang}.png`, fullPage: true })
    await field.getByRole('button', { name: `${face(lang, 'ui.do.remove')} ${heic.name}` }).click()
    await expect(field.getByRole('alert')).toHaveCount(0)
    await expect(button(field, face(lang, 'ui.field.photoSend'))).toHaveCount(0)
  })
}
