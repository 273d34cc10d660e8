/** A matter walks its whole order: each body takes its step in the console, residents read and speak on the portal. */
import type { Page } from '@playwright/test'
import { expectAccessible } from './access'
import { expect, test, type Language } from './city'
import { agree, button, expectNarrow } from './console'
import { say } from './words'

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** A meeting of the committee today, from notice to signed minutes, in which everybody present agrees. */
async function voted(committee: Page, area: string): Promise<void> {
  const call = async (method: 'post' | 'put', path: string, data: object) => {
    const got = await committee.request[method](`/api/v1/council/meetings${path}`, { data })
    expect(got.ok(), `${path}: ${await got.text()}`).toBe(true)
    return got.json()
  }
  const content = {
    body: 'committee',
    mode: 'members',
    title: '委员会会议：路灯',
    place: '会议室',
    day: today(),
    time: '23:59',
    called: 'committee',
    short: '夜间安全，不宜再等',
    items: [{ id: 'i1', title: '安装路灯', public: true, decides: true }],
  }
  let m = await call('post', '', { area, content })
  const at = `/${m.id}`
  m = await call('post', `${at}/convene`, { version: m.version })
  m = await call('post', `${at}/attendance`, { version: m.version, people: m.absent.map((a: { id: string }) => ({ member: a.id })) })
  m = await call('post', `${at}/open`, { version: m.version })
  m = await call('post', `${at}/votes`, { version: m.version, item: 'i1', yes: m.present, no: 0, abstain: 0 })
  m = await call('post', `${at}/close`, { version: m.version })
  const [chair, recorder] = m.attended as { id: string }[]
  m = await call('put', `${at}/minutes`, { version: m.version, text: '一致同意。', chair: chair!.id, recorder: recorder!.id })
  await call('post', `${at}/sign`, { version: m.version })
}

for (const lang of ['zh', 'en'] as Language[])
  test(`a matter from the committee's proposal to its result in an urban community (${lang})`, async ({ city, browser }) => {
    test.slow()
    const word = (key: string) => say(city, lang, key)
    const verb = (v: string) => word(`council.matter.verb.${v}`)
    const title = lang === 'zh' ? '在门口装两盏路灯' : 'Two street lamps at the gate'
    const staff = (role: string) => city.staff(browser, role, { lang })
    const committee = await staff('committee')
    const area = city.account('committee').area

    await committee.goto(`/console/council/matters/new?area=${area}&origin=committee`)
    await committee.locator('#matter-title').fill(title)
    await committee.locator('#matter-body').fill('夜里看不清路。')
    await expectAccessible(committee, 'a matter being raised')
    await button(committee, await word('council.matter.ui.raise')).click()
    await expect(committee.getByRole('heading', { name: title })).toBeVisible()
    const address = new URL(committee.url()).pathname
    const id = address.split('/').at(-1)!

    /** Takes a step in its dialog, or by confirming where it has none. */
    const take = async (page: Page, v: string, fill?: (dialog: ReturnType<Page['getByRole']>) => Promise<void>) => {
      await page.goto(address)
      const name = await verb(v)
      await button(page.locator('.page'), name).first().click()
      if (!fill) return agree(page, name)
      const dialog = page.getByRole('dialog')
      await fill(dialog)
      await button(dialog, name).click()
      await expect(dialog).toBeHidden()
    }
    const noted = (words: string) => (d: ReturnType<Page['getByRole']>) => d.locator('#step-note').fill(words)
    const posted = (words?: string) => async (d: ReturnType<Page['getByRole']>) => {
      await d.locator('#step-place').fill('公开栏')
      if (words) await d.locator('#step-text').fill(words)
    }

    // A resident speaks on a phone without JavaScript.
    const resident = await city.resident(browser, { phone: true, javaScriptEnabled: false, lang })
    await resident.goto(`/matters/${id}`)
    await resident.locator('#f-body').fill('支持')
    await resident.locator('form[action$="/opinions"] button').click()
    await expect(resident.getByText('支持')).toBeVisible()
    await expectNarrow(resident, 'a matter')

    const branch = await staff('branch')
    await take(branch, 'accept', noted('同意列入'))
    const council = await staff('council')
    await take(council, 'deliberate', async (d) => {
      await d.locator('#step-place').fill('议事厅')
      await d.locator('#step-parties').fill('附近居民\n物业公司')
      await expectAccessible(council, 'a deliberation')
    })
    await take(council, 'implement', noted('大家同意'))
    await voted(committee, area)
    await take(committee, 'decide', async (d) => {
      await d.locator('.el-select').click()
      await committee
        .locator('.el-select-dropdown:visible')
        .getByRole('option', { name: /安装路灯/ })
        .first()
        .click()
    })
    await take(committee, 'announce', posted())
    await take(committee, 'plan', async (d) => {
      const inputs = d.locator('.piece input')
      await inputs.nth(0).fill('安装')
      await inputs.nth(1).fill('委员会副主任')
      await inputs.nth(3).fill('3000.50')
    })
    await take(committee, 'begin')
    await take(committee, 'progress', async (d) => {
      await d.locator('#step-spent').fill('2800')
      await noted('两盏')(d)
    })
    const supervisor = await staff('supervisor')
    await take(supervisor, 'find', noted('请公开报价'))
    await take(committee, 'answer', noted('已公开'))
    await take(committee, 'complete')
    await take(supervisor, 'check', noted('询问三名委员'))
    await take(supervisor, 'clear', noted('账目一致'))
    await take(committee, 'disclose', posted('两盏路灯已亮。'))

    await committee.goto(address)
    await expect(committee.getByText(await word('council.matter.state.disclosed'), { exact: true }).first()).toBeVisible()
    await expectAccessible(committee, 'a matter')
    await committee.setViewportSize({ width: 390, height: 844 })
    await expectNarrow(committee, 'a matter in the console')
    await resident.goto(`/matters/${id}`)
    for (const words of ['两盏路灯已亮。', '3000.50', '请公开报价', '已公开', '支持'])
      await expect(resident.getByText(words).first()).toBeVisible()
    await expectNarrow(resident, 'the page of a matter')
    expect((await resident.request.get(`/matters/${id}/resolution`)).ok(), 'the resolution prints').toBe(true)
  })
