import { List } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/audit',
      name: 'audit',
      component: () => import('./AuditPage.vue'),
      meta: { title: 'ui.nav.audit', needs: 'audit.entry.read', texts: ['audit', 'permission'] },
    },
  ],
  menu: [{ group: 'order', order: 20, route: 'audit', title: 'ui.nav.audit', icon: List, needs: 'audit.entry.read' }],
}
