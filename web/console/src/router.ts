import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { needTexts } from '@shared/i18n'
import { scrolled } from '@shared/place'
import { release, unsaved } from '@shared/unsaved'
import type { SessionStore } from './session'
import type { Feature } from './shell/feature'
import { features } from './shell/features'

/** A feature's page, read together with the texts that it alone shows. */
function withTexts(route: RouteRecordRaw, feature: Feature): RouteRecordRaw {
  const page = route.component as (() => Promise<unknown>) | undefined
  if (typeof page !== 'function') return route
  const read = () =>
    Promise.all([page(), needTexts(feature.texts, [...(feature.sections ?? []), ...(route.meta?.texts ?? [])])]).then(
      ([component]) => component,
    )
  return { ...route, component: read } as RouteRecordRaw
}

export const routes: RouteRecordRaw[] = [
  ...features.flatMap((f) => f.routes.map((r) => withTexts(r, f))),
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./shell/MissingPage.vue'), meta: { title: 'ui.missing.title' } },
]

/** The console's pages. MayLeave asks before a page is left on which something would be lost. */
export function createConsoleRouter(session: SessionStore, mayLeave: () => Promise<boolean>) {
  const router = createRouter({
    history: createWebHistory('/console/'),
    routes,
    scrollBehavior: (to, _from, saved) => (saved ? scrolled(saved) : to.hash ? { el: to.hash, top: 72 } : { top: 0 }),
  })
  router.beforeEach(async (to, from) => {
    if (to.path !== from.path && unsaved()) {
      if (!(await mayLeave())) return false
      release()
    }
    return true
  })
  router.beforeEach((to) => {
    if (to.meta.open) return true
    if (!session.current) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    if (session.next && to.name !== 'safety') return { name: 'safety' }
    if (to.meta.needs && !session.can(to.meta.needs)) return { name: 'missing', params: { rest: ['not-allowed'] } }
    return true
  })
  return router
}
