import { needTexts } from '@shared/i18n'
import { scrolled } from '@shared/place'
import { createRouter, createWebHistory } from 'vue-router'
import { session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    open?: boolean
    tab?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory('/field/'),
  scrollBehavior: (_to, _from, saved) => (saved ? scrolled(saved) : { top: 0 }),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./pages/SignInPage.vue'),
      meta: { title: 'ui.signIn.title', open: true },
    },
    { path: '/', name: 'cases', component: () => import('./pages/CasesPage.vue'), meta: { title: 'ui.field.cases', tab: true } },
    { path: '/cases/:id', name: 'case', component: () => import('./pages/CasePage.vue'), props: true, meta: { title: 'ui.case.title' } },
    {
      path: '/forms/:id',
      name: 'form',
      component: () => Promise.all([import('./pages/FormPage.vue'), needTexts(undefined, ['exchange'])]).then(([page]) => page),
      props: (route) => ({ id: route.params.id, of: typeof route.query.case === 'string' ? route.query.case : undefined }),
      meta: { title: 'exchange.answer.ui.title' },
    },
    { path: '/report', name: 'report', component: () => import('./pages/ReportPage.vue'), meta: { title: 'ui.field.report', tab: true } },
    { path: '/me', name: 'me', component: () => import('./pages/MePage.vue'), meta: { title: 'ui.field.me', tab: true } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach((to) => (to.meta.open || session.current || session.unreached ? true : signInFor(to.fullPath)))

/** The sign-in page, which leads back to a page of the app afterwards. */
export function signInFor(page: string) {
  return { name: 'sign-in', query: page === '/' || page.startsWith('/sign-in') ? {} : { next: page } }
}

/** The page to which a sign-in leads: one of this app, else the list of cases. */
export function afterSignIn(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
