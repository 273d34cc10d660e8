import { List } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  routes: [
    {
      path: '/audit',
      name: 'audit',
      component: () => import('./AuditPage.vue'),
      meta: { title: 'ui.nav.audit', needs: 'audit.entry.read' },
    },
  ],
  menu: [{ group: 'order', order: 20, route: 'audit', title: 'ui.nav.audit', icon: List, needs: 'audit.entry.read' }],
}
