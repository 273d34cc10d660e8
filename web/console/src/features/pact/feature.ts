import { Memo } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['pact'],
  routes: [
    {
      path: '/pact/conventions',
      name: 'conventions',
      component: () => import('./ConventionsPage.vue'),
      meta: { title: 'pact.ui.title', needs: 'pact.convention.read' },
    },
    {
      path: '/pact/conventions/new',
      name: 'convention-new',
      component: () => import('./ConventionEditor.vue'),
      meta: { title: 'pact.ui.new', needs: 'pact.convention.write' },
    },
    {
      path: '/pact/conventions/:id',
      name: 'convention',
      component: () => import('./ConventionPage.vue'),
      props: true,
      meta: { title: 'pact.ui.title', needs: 'pact.convention.read' },
    },
    {
      path: '/pact/conventions/:id/edit',
      name: 'convention-edit',
      component: () => import('./ConventionEditor.vue'),
      props: true,
      meta: { title: 'pact.ui.edit', needs: 'pact.convention.write' },
    },
  ],
  menu: [{ group: 'work', order: 97, route: 'conventions', title: 'ui.nav.conventions', icon: Memo, needs: 'pact.convention.read' }],
}
