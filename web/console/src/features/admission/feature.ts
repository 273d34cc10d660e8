import { DocumentChecked } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  routes: [
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
  ],
  menu: [
    {
      group: 'know',
      order: 44,
      route: 'admission-lists',
      title: 'admission.ui.lists',
      icon: DocumentChecked,
      needs: 'admission.list.read',
    },
  ],
}
