import { Collection, DocumentChecked } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['exchange'],
  routes: [
    {
      path: '/exchange/elements',
      name: 'elements',
      component: () => import('./ElementsPage.vue'),
      meta: { title: 'exchange.page.elements', needs: 'exchange.element.read' },
    },
    {
      path: '/exchange/elements/new',
      name: 'element-new',
      component: () => import('./ElementEditor.vue'),
      meta: { title: 'exchange.ui.element_new', needs: 'exchange.element.edit' },
    },
    {
      path: '/exchange/elements/:code',
      name: 'element',
      component: () => import('./ElementPage.vue'),
      props: true,
      meta: { title: 'exchange.ui.element', needs: 'exchange.element.read' },
    },
    {
      path: '/exchange/elements/:code/edit',
      name: 'element-edit',
      component: () => import('./ElementEditor.vue'),
      props: true,
      meta: { title: 'exchange.ui.element_edit', needs: 'exchange.element.edit' },
    },
    {
      path: '/exchange/forms',
      name: 'community-forms',
      component: () => import('./FormsPage.vue'),
      meta: { title: 'exchange.ui.forms', needs: 'exchange.form.read' },
    },
    {
      path: '/exchange/forms/new',
      name: 'community-form-new',
      component: () => import('./FormEditor.vue'),
      meta: { title: 'exchange.ui.form_new', needs: 'exchange.form.write' },
    },
    {
      path: '/exchange/forms/:id',
      name: 'community-form',
      component: () => import('./FormPage.vue'),
      props: true,
      meta: { title: 'exchange.ui.form', needs: 'exchange.form.read' },
    },
    {
      path: '/exchange/forms/:id/edit',
      name: 'community-form-edit',
      component: () => import('./FormEditor.vue'),
      props: true,
      meta: { title: 'exchange.ui.form_edit', needs: 'exchange.form.write' },
    },
  ],
  menu: [
    {
      group: 'work',
      order: 78,
      route: 'community-forms',
      title: 'ui.nav.communityForms',
      icon: DocumentChecked,
      needs: 'exchange.form.read',
    },
    { group: 'know', order: 45, route: 'elements', title: 'exchange.page.elements', icon: Collection, needs: 'exchange.element.read' },
  ],
}
