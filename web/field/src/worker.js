/* Keeps the shell of the field app and the manual that it links to, so that both open without signal. Cases and people are never
   kept here. */
const cacheName = 'linli-field-' + __VERSION__
const files = __FILES__
const manuals = ['/field/manual/grid']

/* What a page of the manual is made of: style, script and pictures. */
const part = /(?:href|src)="(\/(?:assets|manual\/pictures)\/[^"]+)"/g
const isPart = (path) => path.startsWith('/assets/') || path.startsWith('/manual/pictures/')

/* A page is the same for everybody but for its language, in which it is kept. */
const kept = (request) => caches.match(request, { ignoreVary: true, ignoreSearch: true })

async function keepManual(path, answer) {
  const cache = await caches.open(cacheName)
  const parts = [...(await answer.clone().text()).matchAll(part)].map((found) => found[1])
  await Promise.all(parts.map(async (file) => (await kept(file)) ?? (await cache.add(file))))
  await cache.put(path, answer)
}

async function fetchManual(path) {
  const answer = await fetch(path)
  if (answer.ok) await keepManual(path, answer)
}

async function openManual(event, path) {
  try {
    const answer = await fetch(event.request)
    if (answer.ok && manuals.includes(path)) event.waitUntil(keepManual(path, answer.clone()).catch(() => undefined))
    return answer
  } catch {
    return (await kept(path)) ?? kept('/field/')
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(files))
      .then(() => Promise.allSettled(manuals.map(fetchManual)))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('linli-field-') && name !== cacheName
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin || !(url.pathname.startsWith('/field/') || isPart(url.pathname)))
    return
  if (event.request.mode === 'navigate') {
    if (url.pathname.startsWith('/field/manual/')) event.respondWith(openManual(event, url.pathname))
    else event.respondWith(fetch(event.request).catch(() => kept('/field/')))
    return
  }
  event.respondWith(kept(event.request).then((found) => found ?? fetch(event.request)))
})
