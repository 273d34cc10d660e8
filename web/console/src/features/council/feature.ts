import { Reading } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['council', 'threshold'],
  routes: [
    {
      path: '/council/thresholds',
      name: 'thresholds',
      component: () => import('./ThresholdsPage.vue'),
      meta: { title: 'council.ui.thresholds', needs: 'council.threshold.read', texts: ['threshold.'] },
    },
  ],
  menu: [
    {
      group: 'know',
      order: 48,
      route: 'thresholds',
      title: 'ui.nav.councilThresholds',
      icon: Reading,
      needs: 'council.threshold.read',
    },
  ],
}
