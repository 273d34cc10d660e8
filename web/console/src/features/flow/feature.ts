import { Share } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/flows',
      name: 'flows',
      component: () => import('./FlowsPage.vue'),
      meta: { title: 'ui.nav.flows', texts: ['error', 'rule'] },
    },
  ],
  menu: [{ group: 'order', order: 100, route: 'flows', title: 'ui.nav.flows', icon: Share }],
}
