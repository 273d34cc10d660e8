import { Position } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/routes',
      name: 'routes',
      component: () => import('./RoutesPage.vue'),
      meta: { title: 'ui.nav.routes', needs: 'casework.route' },
    },
  ],
  menu: [{ group: 'order', order: 50, route: 'routes', title: 'ui.nav.routes', icon: Position, needs: 'casework.route' }],
}
