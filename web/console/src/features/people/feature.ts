import { Avatar, Key } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/people',
      name: 'people',
      component: () => import('./PeoplePage.vue'),
      meta: { title: 'ui.nav.people', needs: 'people.person.read' },
    },
    {
      path: '/people/roster',
      name: 'roster',
      component: () => import('./RosterPage.vue'),
      meta: { title: 'ui.nav.roster', needs: 'people.roster.import', texts: ['error'] },
    },
    {
      path: '/people/requests',
      name: 'requests',
      component: () => import('./RequestsPage.vue'),
      meta: { title: 'ui.nav.requests', needs: 'people.request.handle' },
    },
  ],
  menu: [
    { group: 'know', order: 10, route: 'people', title: 'ui.nav.people', icon: Avatar, needs: 'people.person.read' },
    { group: 'know', order: 20, route: 'requests', title: 'ui.nav.requests', icon: Key, needs: 'people.request.handle' },
  ],
}
