import { ChatLineSquare, Connection, DataAnalysis, Tickets, Warning } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    { path: '/inbox', name: 'inbox', component: () => import('./InboxPage.vue'), meta: { title: 'ui.nav.inbox', needs: 'casework.case' } },
    { path: '/parts', name: 'parts', component: () => import('./PartsPage.vue'), meta: { title: 'ui.nav.parts', needs: 'casework.part' } },
    {
      path: '/cases/:id',
      name: 'case',
      component: () => import('./CasePage.vue'),
      props: true,
      meta: { title: 'ui.case.title', needs: 'casework.case' },
    },
    {
      path: '/followups',
      name: 'followups',
      component: () => import('./FollowUpsPage.vue'),
      meta: { title: 'ui.nav.followups', needs: 'casework.followup.read' },
    },
    {
      path: '/appeals',
      name: 'appeals',
      component: () => import('./AppealsPage.vue'),
      meta: { title: 'ui.nav.appeals', needs: 'casework.appeal.read' },
    },
    {
      path: '/indicators',
      name: 'indicators',
      component: () => import('./IndicatorsPage.vue'),
      meta: { title: 'ui.nav.indicators', needs: 'casework.board' },
    },
  ],
  menu: [
    { group: 'work', order: 20, route: 'inbox', title: 'ui.nav.inbox', icon: Tickets, needs: 'casework.case' },
    { group: 'work', order: 30, route: 'followups', title: 'ui.nav.followups', icon: ChatLineSquare, needs: 'casework.followup.read' },
    { group: 'work', order: 40, route: 'appeals', title: 'ui.nav.appeals', icon: Warning, needs: 'casework.appeal.read' },
    { group: 'work', order: 50, route: 'indicators', title: 'ui.nav.indicators', icon: DataAnalysis, needs: 'casework.board' },
    { group: 'work', order: 60, route: 'parts', title: 'ui.nav.parts', icon: Connection, needs: 'casework.part' },
  ],
  find: async (words, session) => (await import('./search')).find(words, session),
}
