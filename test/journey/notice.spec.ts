/** A community's notice: written in the console, approved by a second person, read in the portal, corrected and withdrawn. */
import { expectAccessible } from './access'
import { expect, test } from './city'
import { button, expectNarrow } from './console'
import { face, say } from './words'

test('a window worker writes an urgent notice, the dispatcher approves it, residents read it on a phone', async ({ city, browser }) => {
  const area = city.account('window_worker').area
  const writer = await city.staff(browser, 'window_worker', { phone: true })
  await writer.goto('/console/notices')
  await button(writer, await say(city, 'zh', 'notice.ui.new')).click()
  await writer.locator('#notice-title-zh').fill('海棠路停水通知')
  await writer.locator('#notice-body-zh').fill('因管道抢修，明日九时至十七时停水。')
  await writer.getByText(await say(city, 'zh', 'notice.ui.urgent'), { exact: true }).click()
  await writer.locator('#notice-until').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10))
  await expectAccessible(writer, 'a notice being written')
  await expectNarrow(writer, 'a notice being written')

  // What was typed is asked for before it is lost.
  await writer.goBack()
  await button(writer, face('zh', 'ui.do.cancel')).click()
  await button(writer, await say(city, 'zh', 'notice.ui.save')).click()
  await button(writer, await say(city, 'zh', 'notice.notice.verb.submit')).click()
  await expect(writer.getByText(await say(city, 'zh', 'notice.notice.state.submitted'), { exact: true }).first()).toBeVisible()
  await expect(button(writer, await say(city, 'zh', 'notice.notice.verb.approve')), 'who wrote it does not approve it').toHaveCount(0)
  const address = new URL(writer.url()).pathname

  const approver = await city.staff(browser, 'dispatcher')
  await approver.goto(address)
  await expectAccessible(approver, 'a notice to approve')
  await button(approver, await say(city, 'zh', 'notice.notice.verb.approve')).click()
  await expect(approver.getByText(await say(city, 'zh', 'notice.notice.state.published'), { exact: true }).first()).toBeVisible()

  const resident = await city.resident(browser, { phone: true, javaScriptEnabled: false })
  await resident.goto(`/communities/${area}`)
  await resident.getByRole('link', { name: '海棠路停水通知' }).first().click()
  await expect(resident.getByText('因管道抢修，明日九时至十七时停水。')).toBeVisible()
  await expectNarrow(resident, 'a notice')
  const shown = resident.url()

  await button(approver, await say(city, 'zh', 'notice.notice.verb.withdraw')).click()
  const dialog = approver.getByRole('dialog')
  await dialog.locator('#notice-note').fill('抢修提前完成，不再停水。')
  await expectAccessible(approver, 'withdrawing a notice')
  await button(dialog, await say(city, 'zh', 'notice.notice.verb.withdraw')).click()
  await expect(dialog).toBeHidden()
  await resident.goto(shown)
  await expect(resident.getByRole('note').filter({ hasText: '抢修提前完成，不再停水。' })).toBeVisible()
})

for (const lang of ['zh', 'en'] as const) {
  test(`pages of notices, ${lang}`, async ({ city, browser }) => {
    const area = city.account('window_worker').area
    const resident = await city.resident(browser, { lang, phone: true })
    for (const path of [`/notices?area=${area}`, `/notices/screen?area=${area}`]) {
      await resident.goto(path)
      await expectNarrow(resident, path)
      await expectAccessible(resident, `${lang} ${path}`)
    }
    await resident.goto(`/notices?area=${area}`)
    await resident.locator('main a[href^="/notices/3"]').first().click()
    await expectAccessible(resident, `${lang} a notice`)
    for (const phone of [false, true]) {
      const staff = await city.staff(browser, 'dispatcher', { lang, phone })
      await staff.goto('/console/notices')
      await expect(staff.getByRole('row').nth(1)).toBeVisible()
      await expectNarrow(staff, 'console/notices')
      await expectAccessible(staff, `${lang} console/notices`)
    }
  })
}
