import { Calendar } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [{ path: '/calendar', name: 'calendar', component: () => import('./CalendarPage.vue'), meta: { title: 'ui.nav.calendar' } }],
  menu: [{ group: 'order', order: 70, route: 'calendar', title: 'ui.nav.calendar', icon: Calendar }],
}
