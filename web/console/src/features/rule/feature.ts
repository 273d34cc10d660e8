import { Reading } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [{ path: '/rules', name: 'rules', component: () => import('./RulesPage.vue'), meta: { title: 'ui.nav.rules', texts: ['rule'] } }],
  menu: [{ group: 'order', order: 60, route: 'rules', title: 'ui.nav.rules', icon: Reading }],
}
