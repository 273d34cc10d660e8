import { Reading } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  routes: [{ path: '/rules', name: 'rules', component: () => import('./RulesPage.vue'), meta: { title: 'ui.nav.rules' } }],
  menu: [{ group: 'order', order: 60, route: 'rules', title: 'ui.nav.rules', icon: Reading }],
}
