import { Message } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/messages',
      name: 'messages',
      component: () => import('./MessagesPage.vue'),
      meta: { title: 'ui.nav.messages', needs: 'notify.message' },
    },
  ],
  menu: [{ group: 'order', order: 40, route: 'messages', title: 'ui.nav.messages', icon: Message, needs: 'notify.message' }],
}
