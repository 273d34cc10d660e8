import { test, expect } from '@playwright/test'
import { expectAccessible } from './access'
import { gzipSync } from 'node:zlib'
import { fillPage } from './portal'
const base = 'http://127.0.0.1:18080'
for (const lang of ['zh','en']) test('portal '+lang, async ({ browser }) => {
  test.setTimeout(180000)
  const c = await browser.newContext({ viewport: {width:390,height:844}, baseURL: base })
  await c.addCookies([{ name: 'lang', value: lang, url: base }])
  const page = await c.newPage()
  let bodies: Promise<number>[] = []
  page.on('response', r => { bodies.push(r.body().then(b => gzipSync(b).length, () => 0)) })
  for (const p of ['/', '/search?q=lndx', '/hall', '/hall/senior_card', '/hall/senior_card/apply', '/report', '/report/where', '/report/send', '/track','/communities','/communities/320703','/communities/320703001','/communities/320703001007','/about','/accessibility','/nothing']) {
    bodies = []
    const r = await page.goto(p, { waitUntil: 'networkidle' })
    const w = (await Promise.all(bodies)).reduce((a,b)=>a+b,0)
    const [a,b] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
    console.log(lang, p, r!.status(), w, a > b ? 'WIDE '+a : '', page.url())
    await expectAccessible(page, p).catch(e => console.log(String(e.message).slice(0, 1500)))
    await page.screenshot({ path: `/tmp/j/shot-${lang}-${p.replace(/\W+/g,'_')}.png`, fullPage: true })
  }
})
test('apply', async ({ browser }) => {
  const c = await browser.newContext({ javaScriptEnabled: false, baseURL: base })
  const page = await c.newPage()
  await page.goto('/hall/senior_card/apply')
  for (let i = 0; i < 7; i++) {
    console.log(page.url(), await page.locator('h1').innerText(), await page.locator('.refusal').allInnerTexts())
    await page.screenshot({ path: `/tmp/j/apply-${i}.png`, fullPage: true })
    await fillPage(page, { name: '张桂兰', phone: '13805131234', idNumber: '34052419800101001X', area: '320703001007' })
    await page.locator('main form .press button:visible, main form.press button:visible').last().click()
  }
})
