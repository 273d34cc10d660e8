import { DataBoard } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [{ path: '/', name: 'home', component: () => import('./HomePage.vue'), meta: { title: 'ui.nav.home' } }],
  menu: [{ group: 'work', order: 10, route: 'home', title: 'ui.nav.home', icon: DataBoard }],
}
