import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { SessionStore } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** key of the page's title */
    title: string
    /** open to whoever is not signed in */
    open?: boolean
    /** permission without which the page is not shown */
    needs?: string
  }
}

export const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./features/access/SignInPage.vue'), meta: { title: 'ui.signIn.title', open: true } },
  { path: '/setup', name: 'setup', component: () => import('./features/access/SetUpPage.vue'), meta: { title: 'ui.setup.title', open: true } },
  { path: '/', name: 'home', component: () => import('./features/home/HomePage.vue'), meta: { title: 'ui.nav.home' } },
  { path: '/inbox', name: 'inbox', component: () => import('./features/casework/InboxPage.vue'), meta: { title: 'ui.nav.inbox', needs: 'casework.case' } },
  { path: '/parts', name: 'parts', component: () => import('./features/casework/PartsPage.vue'), meta: { title: 'ui.nav.parts', needs: 'casework.part' } },
  { path: '/cases/:id', name: 'case', component: () => import('./features/casework/CasePage.vue'), props: true, meta: { title: 'ui.case.title', needs: 'casework.case' } },
  { path: '/registry/imports/:id?', name: 'imports', component: () => import('./features/registry/ImportsPage.vue'), props: true, meta: { title: 'ui.nav.imports', needs: 'registry.area.import' } },
  { path: '/followups', name: 'followups', component: () => import('./features/casework/FollowUpsPage.vue'), meta: { title: 'ui.nav.followups', needs: 'casework.followup.read' } },
  { path: '/appeals', name: 'appeals', component: () => import('./features/casework/AppealsPage.vue'), meta: { title: 'ui.nav.appeals', needs: 'casework.appeal.read' } },
  { path: '/indicators', name: 'indicators', component: () => import('./features/casework/IndicatorsPage.vue'), meta: { title: 'ui.nav.indicators', needs: 'casework.board' } },
  { path: '/registry/:code?', name: 'registry', component: () => import('./features/registry/RegistryPage.vue'), props: true, meta: { title: 'ui.nav.registry' } },
  { path: '/hall/items', name: 'items', component: () => import('./features/hall/ItemsPage.vue'), meta: { title: 'ui.nav.items' } },
  { path: '/hall/items/:code', name: 'item', component: () => import('./features/hall/ItemPage.vue'), props: true, meta: { title: 'ui.item.title' } },
  { path: '/hall/new/:code?', name: 'apply', component: () => import('./features/hall/IntakePage.vue'), props: true, meta: { title: 'ui.nav.apply', needs: 'hall.application.submit' } },
  { path: '/grid/new', name: 'report', component: () => import('./features/grid/ReportPage.vue'), meta: { title: 'ui.nav.report', needs: 'grid.incident.report' } },
  { path: '/grid/rechecks', name: 'rechecks', component: () => import('./features/grid/RechecksPage.vue'), meta: { title: 'ui.nav.rechecks', needs: 'grid.incident.recheck' } },
  { path: '/grid/categories', name: 'categories', component: () => import('./features/grid/CategoriesPage.vue'), meta: { title: 'ui.nav.categories' } },
  { path: '/routes', name: 'routes', component: () => import('./features/route/RoutesPage.vue'), meta: { title: 'ui.nav.routes', needs: 'casework.route' } },
  { path: '/access/accounts', name: 'accounts', component: () => import('./features/access/AccountsPage.vue'), meta: { title: 'ui.nav.accounts', needs: 'access.account' } },
  { path: '/people', name: 'people', component: () => import('./features/people/PeoplePage.vue'), meta: { title: 'ui.nav.people', needs: 'people.person.read' } },
  { path: '/people/roster', name: 'roster', component: () => import('./features/people/RosterPage.vue'), meta: { title: 'ui.nav.roster', needs: 'people.roster.import' } },
  { path: '/people/requests', name: 'requests', component: () => import('./features/people/RequestsPage.vue'), meta: { title: 'ui.nav.requests', needs: 'people.request.handle' } },
  { path: '/audit', name: 'audit', component: () => import('./features/audit/AuditPage.vue'), meta: { title: 'ui.nav.audit', needs: 'audit.entry.read' } },
  { path: '/access/roles', name: 'roles', component: () => import('./features/access/RolesPage.vue'), meta: { title: 'ui.nav.roles', needs: 'access.account' } },
  { path: '/safety', name: 'safety', component: () => import('./features/access/SafetyPage.vue'), meta: { title: 'ui.safety.title' } },
  { path: '/messages', name: 'messages', component: () => import('./features/notify/MessagesPage.vue'), meta: { title: 'ui.nav.messages', needs: 'notify.message' } },
  { path: '/rules', name: 'rules', component: () => import('./features/rule/RulesPage.vue'), meta: { title: 'ui.nav.rules' } },
  { path: '/calendar', name: 'calendar', component: () => import('./features/calendar/CalendarPage.vue'), meta: { title: 'ui.nav.calendar' } },
  { path: '/jobs', name: 'jobs', component: () => import('./features/jobs/JobsPage.vue'), meta: { title: 'ui.nav.jobs', needs: 'jobs.job.read' } },
  { path: '/shipped', name: 'shipped', component: () => import('./features/shipped/ShippedPage.vue'), meta: { title: 'ui.nav.shipped', needs: 'shipped.text.decide' } },
  { path: '/flows', name: 'flows', component: () => import('./features/flow/FlowsPage.vue'), meta: { title: 'ui.nav.flows' } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./shell/MissingPage.vue'), meta: { title: 'ui.missing.title' } },
]

export function createConsoleRouter(session: SessionStore) {
  const router = createRouter({
    history: createWebHistory('/console/'),
    routes,
    scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash, top: 72 } : { top: 0 }),
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
