import { DataAnalysis, Files } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

const needs = 'burden.ledger.read'

export const feature: Feature = {
  sections: ['burden'],
  routes: [
    { path: '/burden', name: 'burden', component: () => import('./BurdenPage.vue'), meta: { title: 'burden.ui.title', needs } },
    {
      path: '/burden/events',
      name: 'burden-events',
      component: () => import('./EventsPage.vue'),
      meta: { title: 'burden.ui.events', needs },
    },
    {
      path: '/burden/inventory',
      name: 'burden-inventory',
      component: () => import('./InventoryPage.vue'),
      meta: { title: 'burden.ui.inventory', needs },
    },
  ],
  menu: [
    { group: 'work', order: 92, route: 'burden', title: 'ui.nav.burden', icon: DataAnalysis, needs },
    { group: 'work', order: 93, route: 'burden-inventory', title: 'ui.nav.burdenInventory', icon: Files, needs },
  ],
}
