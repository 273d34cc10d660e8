import { chromium } from 'playwright-core'
const base='http://127.0.0.1:8131'
const b = await chromium.launch({executablePath:'/usr/bin/chromium', args:['--no-sandbox']})
const pages = JSON.parse(process.argv[2])
const login = process.argv[3]
for (const lang of ['zh','en']) for (const w of [360,1280]) {
  const c = await b.newContext({viewport:{width:w,height:w==360?740:900}, locale: lang=='zh'?'zh-CN':'en-US', extraHTTPHeaders:{'Accept-Language': lang=='zh'?'zh-CN':'en'}})
  await c.addInitScript(l=>{try{localStorage.setItem('linli.lang',l);localStorage.setItem('lang',l)}catch{}}, lang)
  await c.addCookies([{name:'lang',value:lang,url:base}]); const p = await c.newPage()
  if (login) { const r = await p.request.post(base+'/api/v1/session',{data:{login,password:'Linli-demo-2026'}}); if(!r.ok()) console.log(await r.text()) }
  for (const [name,url] of pages) {
    await p.goto(base+url,{waitUntil:'networkidle'}).catch(e=>console.log(e.message))
    await p.waitForTimeout(700)
    await p.screenshot({path:`/tmp/work/recipe/shots/${name}-${lang}-${w}.png`, fullPage:true})
  }
  await c.close()
}
await b.close()
