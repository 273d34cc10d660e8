/** What is done about a case's time and hands beside the straight way: put aside and taken up, sent
 *  back and elsewhere, helped with, urged and answered, extended. */
import { expectAccessible } from './access'
import { bodyOf, CasePage, dispatchTo, note, report, submit, take, unit } from './casework'
import { expect, test } from './city'
import { expectNarrow } from './console'
import { follow } from './portal'
import { face, say } from './words'

test('an incident is put aside, mis-sent, shared between units, urged and answered', async ({ city, browser }) => {
  const flow = 'grid.incident'
  const dispatcher = new CasePage(city, await city.staff(browser, 'dispatcher'), flow, 'zh')
  const taken = await report(city, dispatcher.page.request, { description: '路灯杆倾斜，底座锈蚀' })
  await dispatcher.open(taken.id)
  await dispatcher.move('establish', 'established')
  await dispatcher.move('suspend', 'established', async (form) => {
    await take(city, 'zh', 'grid.incident.choice.funding')(form)
    await note('等待更换灯杆的经费。')(form)
    await expectAccessible(dispatcher.page, 'the form of a suspension')
  })
  const measures = dispatcher.page.locator('section[aria-labelledby=measures]')
  await expect(measures).toContainText('等待更换灯杆的经费。')
  await dispatcher.mayNot('dispatch')
  await dispatcher.move('resume', 'established')
  await expect(measures).toHaveCount(0)

  const urban = new CasePage(city, await city.staff(browser, 'urban', { lang: 'en', phone: true }), flow, 'en')
  const department = await bodyOf(urban.page)
  await dispatchTo(urban.page, dispatcher)
  await urban.open(taken.id)
  await expectNarrow(urban.page, 'a case in the console')
  await urban.move('object', 'established', note('The lamp belongs to the community, not to the county.'))
  await dispatcher.page.reload()
  const worker = new CasePage(city, await city.staff(browser, 'grid_worker'), flow, 'zh')
  await dispatchTo(worker.page, dispatcher)
  await worker.open(taken.id)
  await worker.move('handle', 'handling')

  await worker.move('join', 'handling', async (form) => {
    await unit(worker.page, department)(form)
    await note('请提供吊车。')(form)
    await form.locator('#move-number').fill('3')
  })
  await urban.page.goto('/console/parts')
  await expect(urban.page.getByText('请提供吊车。')).toBeVisible()
  await expectNarrow(urban.page, 'parts')
  await expectAccessible(urban.page, 'parts on a phone')
  await urban.page.locator('tr').filter({ hasText: taken.number }).getByRole('link').click()
  await urban.move('contribute', 'handling', note('A crane comes on Thursday.'))
  await expect(urban.page.locator('section[aria-labelledby=parts]')).toContainText('A crane comes on Thursday.')
  await expectAccessible(urban.page, 'a case with parts on a phone')

  const officer = new CasePage(city, await city.staff(browser, 'subdistrict_officer', { lang: 'en' }), flow, 'en')
  await officer.open(taken.id)
  await officer.move('supervise', 'handling', async (form) => {
    await note('Two residents called again.')(form)
    await form.locator('#move-number').fill('2')
  })
  await worker.page.goto('/console/inbox')
  await worker.page.locator('.bell button').click()
  const drawer = worker.page.getByRole('dialog', { name: face('zh', 'ui.alert.title') })
  const alert = drawer.getByRole('listitem').filter({ hasText: taken.number })
  await expect(alert).toContainText(await say(city, 'zh', 'casework.alert.supervised'))
  await expect(alert).toContainText(face('zh', 'ui.alert.new'))
  await expectAccessible(worker.page, 'alerts')
  await alert.getByRole('button').click()
  await worker.move('answer', 'handling', note('灯杆周四更换。'))
  await expect(worker.page.locator('section[aria-labelledby=measures]')).toContainText('灯杆周四更换。')
  await worker.page.reload()
  await worker.page.locator('.bell button').click()
  await expect(alert).toBeVisible()
  await expect(alert).not.toContainText(face('zh', 'ui.alert.new'))

  await officer.page.reload()
  await expect(officer.page.locator('section[aria-labelledby=measures]')).toContainText('灯杆周四更换。')
  await expectAccessible(officer.page, 'a case with everything')
})

test('the head extends an application once, and the applicant is told why', async ({ city, browser }) => {
  const flow = 'hall.application'
  const atWindow = new CasePage(city, await city.staff(browser, 'window_worker'), flow, 'zh')
  const taken = await submit(city, atWindow.page.request, 'senior_card')
  await atWindow.open(taken.id)
  await atWindow.move('accept', 'accepted')
  const head = new CasePage(city, await city.staff(browser, 'department_head', { lang: 'en', phone: true }), flow, 'en')
  await head.open(taken.id)
  await head.move('extend', 'accepted', note('The register of another province is awaited.'))
  await expect(head.page.locator('section[aria-labelledby=measures]')).toContainText('another province')
  await head.mayNot('extend')
  await expectNarrow(head.page, 'an extended application')

  const applicant = await city.resident(browser, { javaScriptEnabled: false, phone: true })
  await follow(applicant, taken.code)
  await expect(applicant.locator('ol.timeline')).toContainText('another province')
  await expect(applicant.getByText(await say(city, 'zh', 'casework.page.former_due'))).toBeVisible()
})
