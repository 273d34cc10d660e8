/** A scheme and a survey: a banned indicator is refused, residents answer by the square of their invitation, bands come of it. */
import { expectAccessible } from './access'
import { expect, test } from './city'
import { agree, button, choose, expectNarrow } from './console'
import { say } from './words'

interface Slip {
  code: string
  square?: string
}

/** Residents of the first are content, those of the second are not. */
const communities = ['320703001007', '320703001009'] as const
const day = (days: number) => new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)

test('a scheme with a ledger is refused, mended and published; residents answer by square; the result has bands', async ({
  city,
  browser,
}) => {
  const zh = (key: string, values = {}) => say(city, 'zh', key, values)
  const builder = await city.staff(browser, 'builder')
  const second = await city.staff(browser, 'builder2')

  // The survey is written and drawn.
  await builder.goto('/console/assessment/surveys/new')
  await builder.locator('#survey-title').fill('岁末居民满意度调查')
  await builder.locator('#survey-frame').fill(communities.map((code) => `${code} 200 40`).join('\n'))
  await builder.locator('#survey-opens').fill(day(0))
  await builder.locator('#survey-closes').fill(day(14))
  await expectAccessible(builder, 'a survey being written')
  await button(builder, await zh('assessment.ui.save')).click()
  const draw = await zh('assessment.survey.verb.draw')
  await button(builder, draw).click()
  await agree(builder, draw)
  await expect(builder.getByText(await zh('assessment.survey.state.open'), { exact: true }).first()).toBeVisible()
  const survey = new URL(builder.url()).pathname.split('/').at(-1)!

  // Invitations are printed with their squares, and a poster.
  await builder.addInitScript(() => (window.print = () => void document.body.setAttribute('data-printed', 'yes')))
  await builder.goto(`/console/assessment/surveys/${survey}/communities/${communities[0]}`)
  await button(builder, await zh('assessment.survey.ui.print')).click()
  await expect(builder.locator('body[data-printed]')).toHaveCount(1)
  await expect(builder.locator('.invitation img')).toHaveCount(60)
  await button(builder, await zh('assessment.survey.ui.print_poster')).click()
  await expect(builder.locator('.poster img')).toHaveCount(1)

  const slips = async (community: string) => {
    const got = await builder.request.get(`/api/v1/assessment/surveys/${survey}/slips?squares=true&community=${community}`)
    return ((await got.json()) as { items: Slip[] }).items
  }
  for (const [i, community] of communities.entries()) {
    const drawn = await slips(community)
    expect(drawn[0]!.square).toContain('data:image/png')
    const level = i === 0 ? 5 : 2

    // One household on a phone without JavaScript, by the address in its square.
    const resident = await city.resident(browser, { phone: true, javaScriptEnabled: false })
    await resident.goto(`/survey/${drawn[0]!.code}?q=1`)
    await expectNarrow(resident, 'the questions of a survey')
    await resident.locator(`input[name="overall"][value="${level}"]`).check()
    await button(resident, await zh('assessment.survey.page.send')).click()
    await expect(resident.getByRole('heading', { name: await zh('assessment.survey.page.thanks') })).toBeVisible()
    await resident.goto(`/survey/${drawn[0]!.code}?q=1`)
    await expect(resident.getByText(await zh('assessment.survey.page.spent'))).toBeVisible()

    // The others of the sample.
    for (const slip of drawn.slice(1, 52)) {
      const answered = await resident.request.post(`/survey/${slip.code}?q=1`, { form: { overall: String(level) } })
      expect(answered.status(), 'an answer is taken').toBe(200)
    }
    await resident.context().close()
  }
  await builder.goto(`/console/assessment/surveys/${survey}`)
  await expect(builder.getByText(await zh('assessment.survey.ui.unseen'))).toBeVisible()
  const close = await zh('assessment.survey.verb.close')
  await button(builder, close).click()
  await agree(builder, close)
  for (const n of [1, 2]) await expect(builder.getByText(await zh('assessment.page.band', { n }), { exact: true }).first()).toBeVisible()

  // A scheme with a ledger: the words are marked as it is typed, and it is refused.
  await builder.goto('/console/assessment/schemes/new')
  await builder.locator('#scheme-name').fill('岁末社区考核方案')
  await choose(builder, builder, await zh('assessment.ui.survey'), '岁末居民满意度调查')
  await builder.locator('#name-0').fill('居民总体满意度')
  await builder.locator('#name-1').fill('工作台账完整率')
  await builder.locator('.indicator').nth(1).locator('.el-select').nth(1).click()
  await builder
    .locator('.el-select-dropdown:visible')
    .getByRole('option', { name: await zh('casework.indicator.closing_on_time'), exact: true })
    .click()
  await builder.locator('#law-1').fill('国务院关于在线政务服务的若干规定')
  await builder.locator('#article-1').fill('第七条')
  await expect(builder.locator('mark', { hasText: '台账' })).toBeVisible()
  await expectAccessible(builder, 'a scheme being written')
  await button(builder, await zh('assessment.ui.save')).click()
  const propose = await zh('assessment.scheme.verb.propose')
  await button(builder, propose).click()
  await expect(builder.getByRole('alert').filter({ hasText: await zh('error.assessment.refused') })).toBeVisible()
  const scheme = new URL(builder.url()).pathname

  // It is mended, proposed, and published by a second person.
  await button(builder, await zh('assessment.scheme.verb.change')).click()
  await builder.locator('#name-1').fill('居民诉求按时办结率')
  await expect(builder.getByText(await zh('assessment.ui.fine'))).toBeVisible()
  await button(builder, await zh('assessment.ui.save')).click()
  await button(builder, propose).click()
  await expect(builder.getByText(await zh('assessment.scheme.state.proposed'), { exact: true }).first()).toBeVisible()
  const publish = await zh('assessment.scheme.verb.publish')
  await expect(button(builder, publish), 'who wrote it does not publish it').toHaveCount(0)
  await second.goto(scheme)
  await button(second, publish).click()
  await agree(second, publish)
  await expect(second.getByText(await zh('assessment.scheme.state.published'), { exact: true }).first()).toBeVisible()

  // The result shows bands, and that it holds.
  await builder.goto(scheme)
  await button(builder, await zh('assessment.scheme.verb.compute')).click()
  for (const n of [1, 2]) await expect(builder.getByText(await zh('assessment.page.band', { n }), { exact: true }).first()).toBeVisible()
  await expect(builder.getByText(await zh('assessment.ui.holds'))).toBeVisible()
  await expectAccessible(builder, 'the results of a scheme')
})

test('pages of assessments and burdens, en', async ({ city, browser }) => {
  const resident = await city.resident(browser, { lang: 'en', phone: true })
  for (const path of ['/survey', '/assessments', `/burden?area=${communities[0]}`]) {
    await resident.goto(path)
    await expectNarrow(resident, path)
    await expectAccessible(resident, `en ${path}`)
  }
  await resident.goto('/assessments')
  await resident.locator('main a[href^="/assessments/"]').first().click()
  await expectNarrow(resident, 'a scheme')
  await expectAccessible(resident, 'en a scheme')
  for (const phone of [false, true]) {
    const staff = await city.staff(browser, 'builder', { lang: 'en', phone })
    for (const path of ['/console/assessment/schemes', '/console/assessment/surveys', '/console/burden', '/console/burden/inventory']) {
      await staff.goto(path)
      await expect(staff.locator('.page h1')).toBeVisible()
      await expect(staff.locator('.page .panel').first()).toBeVisible()
      await expectNarrow(staff, path)
      await expectAccessible(staff, `en ${path}`)
    }
  }
})
