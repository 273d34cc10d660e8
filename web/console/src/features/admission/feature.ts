import { DocumentChecked, Stamp } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'
import { menu, routes } from './application/routes'

export const feature: Feature = {
  sections: ['admission'],
  routes: [
    ...routes,
    {
      path: '/admission/lists',
      name: 'admission-lists',
      component: () => import('./ListsPage.vue'),
      meta: { title: 'admission.ui.lists', needs: 'admission.list.read' },
    },
    {
      path: '/admission/lists/:id',
      name: 'admission-list',
      component: () => import('./ListPage.vue'),
      props: true,
      meta: { title: 'admission.ui.list', needs: 'admission.list.read' },
    },
    {
      path: '/admission/lists/:id/edit',
      name: 'admission-list-edit',
      component: () => import('./ListEditor.vue'),
      props: true,
      meta: { title: 'admission.ui.edit', needs: 'admission.list.write' },
    },
    {
      path: '/admission/agreements',
      name: 'admission-agreements',
      component: () => import('./AgreementsPage.vue'),
      meta: { title: 'admission.ui.agreements', needs: 'admission.agreement.read' },
    },
    {
      path: '/admission/agreements/:id',
      name: 'admission-agreement',
      component: () => import('./AgreementPage.vue'),
      props: true,
      meta: { title: 'admission.ui.agreement', needs: 'admission.agreement.read' },
    },
    {
      path: '/admission/agreements/:id/edit',
      name: 'admission-agreement-edit',
      component: () => import('./AgreementEditor.vue'),
      props: true,
      meta: { title: 'admission.ui.agreement_edit', needs: 'admission.agreement.negotiate' },
    },
  ],
  menu: [
    ...menu,
    {
      group: 'know',
      order: 44,
      route: 'admission-lists',
      title: 'ui.nav.admissionLists',
      icon: DocumentChecked,
      needs: 'admission.list.read',
    },
    {
      group: 'work',
      order: 74,
      route: 'admission-agreements',
      title: 'ui.nav.admissionAgreements',
      icon: Stamp,
      needs: 'admission.agreement.read',
    },
  ],
}
