import { Calendar, DataBoard, Document, Notebook } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

const needs = 'disclosure.entry.read'

export const feature: Feature = {
  sections: ['disclosure'],
  routes: [
    { path: '/disclosure', name: 'disclosure', component: () => import('./BoardPage.vue'), meta: { title: 'disclosure.ui.board', needs } },
    {
      path: '/disclosure/duties',
      name: 'disclosure-duties',
      component: () => import('./DutiesPage.vue'),
      meta: { title: 'disclosure.ui.duties', needs },
    },
    {
      path: '/disclosure/duties/:id',
      name: 'disclosure-duty',
      component: () => import('./DutyPage.vue'),
      props: true,
      meta: { title: 'disclosure.ui.duty', needs },
    },
    {
      path: '/disclosure/entries',
      name: 'disclosure-entries',
      component: () => import('./EntriesPage.vue'),
      meta: { title: 'disclosure.ui.entries', needs },
    },
    {
      path: '/disclosure/entries/:id',
      name: 'disclosure-entry',
      component: () => import('./EntryPage.vue'),
      props: true,
      meta: { title: 'disclosure.ui.entry', needs },
    },
    {
      path: '/disclosure/entries/:id/edit',
      name: 'disclosure-entry-edit',
      component: () => import('./EntryEditor.vue'),
      props: true,
      meta: { title: 'disclosure.ui.edit', needs: 'disclosure.entry.write' },
    },
    {
      path: '/disclosure/catalogue',
      name: 'disclosure-catalogue',
      component: () => import('./CataloguePage.vue'),
      meta: { title: 'disclosure.ui.catalogue', needs },
    },
  ],
  menu: [
    { group: 'work', order: 98, route: 'disclosure-duties', title: 'ui.nav.disclosureDuties', icon: Calendar, needs },
    { group: 'work', order: 99, route: 'disclosure-entries', title: 'ui.nav.disclosureEntries', icon: Document, needs },
    { group: 'work', order: 100, route: 'disclosure', title: 'ui.nav.disclosure', icon: DataBoard, needs },
    { group: 'work', order: 101, route: 'disclosure-catalogue', title: 'ui.nav.disclosureCatalogue', icon: Notebook, needs },
  ],
}
