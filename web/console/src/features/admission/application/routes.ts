import { Stamp } from '@element-plus/icons-vue'
import type { MenuLink } from '@console/shell/feature'
import type { RouteRecordRaw } from 'vue-router'

/** The pages of applications, which the feature of admission brings to the console with its own. */
export const routes: RouteRecordRaw[] = [
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
    path: '/admission/figures',
    name: 'admission-figures',
    component: () => import('./FiguresPage.vue'),
    meta: { title: 'admission.application.ui.figure_title', needs: 'admission.application.read' },
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
]

/** Their entry of the menu. */
export const menu: MenuLink[] = [
  {
    group: 'work',
    order: 73,
    route: 'admission-applications',
    title: 'ui.nav.admissionApplications',
    icon: Stamp,
    needs: 'admission.application.read',
  },
]
