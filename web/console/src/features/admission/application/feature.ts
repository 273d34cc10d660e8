import { Stamp } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  routes: [
    {
      path: '/admission/applications',
      name: 'admission-applications',
      component: () => import('./ApplicationsPage.vue'),
      meta: { title: 'admission.application.ui.title', needs: 'admission.application.read' },
    },
    {
      path: '/admission/applications/new',
      name: 'admission-application-new',
      component: () => import('./ApplicationEditor.vue'),
      meta: { title: 'admission.application.ui.new', needs: 'admission.application.write' },
    },
    {
      path: '/admission/applications/:id',
      name: 'admission-application',
      component: () => import('./ApplicationPage.vue'),
      props: true,
      meta: { title: 'admission.application.ui.title', needs: 'admission.application.read' },
    },
    {
      path: '/admission/applications/:id/edit',
      name: 'admission-application-edit',
      component: () => import('./ApplicationEditor.vue'),
      props: true,
      meta: { title: 'admission.application.ui.edit', needs: 'admission.application.write' },
    },
  ],
  menu: [
    {
      group: 'work',
      order: 76,
      route: 'admission-applications',
      title: 'admission.application.ui.title',
      icon: Stamp,
      needs: 'admission.application.read',
    },
  ],
}
