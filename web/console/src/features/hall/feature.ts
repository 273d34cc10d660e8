import { Document, EditPen } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'
import { application } from '@matters/hall'
import { defineAsyncComponent } from 'vue'
import { useItemSubjects } from './subjects'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  matters: [{ ...application, section: defineAsyncComponent(() => import('./ApplicationMatter.vue')), subjects: useItemSubjects }],
  routes: [
    { path: '/hall/items', name: 'items', component: () => import('./ItemsPage.vue'), meta: { title: 'ui.nav.items' } },
    { path: '/hall/items/:code', name: 'item', component: () => import('./ItemPage.vue'), props: true, meta: { title: 'ui.item.title' } },
    {
      path: '/hall/items/new',
      name: 'item-new',
      component: () => import('./ItemDesignPage.vue'),
      meta: { title: 'ui.design.new', needs: 'hall.item' },
    },
    {
      path: '/hall/items/:code/design',
      name: 'item-design',
      component: () => import('./ItemDesignPage.vue'),
      props: true,
      meta: { title: 'ui.design.title', needs: 'hall.item' },
    },
    {
      path: '/hall/items/:code/versions',
      name: 'item-editions',
      component: () => import('./EditionsPage.vue'),
      props: true,
      meta: { title: 'ui.design.versions', needs: 'hall.item' },
    },
    {
      path: '/hall/new/:code?',
      name: 'apply',
      component: () => import('./IntakePage.vue'),
      props: true,
      meta: { title: 'ui.nav.apply', needs: 'hall.application.submit' },
    },
  ],
  menu: [
    { group: 'work', order: 80, route: 'apply', title: 'ui.nav.apply', icon: EditPen, needs: 'hall.application.submit' },
    { group: 'know', order: 40, route: 'items', title: 'ui.nav.items', icon: Document },
  ],
  find: async (words) => (await import('./search')).find(words),
}
