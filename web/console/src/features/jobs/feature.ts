import { Timer } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/jobs',
      name: 'jobs',
      component: () => import('./JobsPage.vue'),
      meta: { title: 'ui.nav.jobs', needs: 'jobs.job.read', texts: ['jobs'] },
    },
  ],
  menu: [{ group: 'order', order: 90, route: 'jobs', title: 'ui.nav.jobs', icon: Timer, needs: 'jobs.job.read' }],
}
