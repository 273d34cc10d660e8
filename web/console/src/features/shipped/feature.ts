import { Files } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/shipped',
      name: 'shipped',
      component: () => import('./ShippedPage.vue'),
      meta: { title: 'ui.nav.shipped', needs: 'shipped.text.decide' },
    },
  ],
  menu: [{ group: 'order', order: 80, route: 'shipped', title: 'ui.nav.shipped', icon: Files, needs: 'shipped.text.decide' }],
}
