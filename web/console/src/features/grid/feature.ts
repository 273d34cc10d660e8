import { Aim, Finished, Location } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'
import { findAlike, incident } from '@matters/grid'
import { defineAsyncComponent } from 'vue'
import { useCategorySubjects } from './subjects'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  matters: [
    {
      ...incident,
      section: defineAsyncComponent(() => import('./IncidentMatter.vue')),
      subjects: useCategorySubjects,
      alike: async ({ incident: told, place, area }) =>
        told ? findAlike({ category: told.category, description: told.description, area, place: place ?? { text: '' } }) : [],
    },
  ],
  routes: [
    {
      path: '/grid/new',
      name: 'report',
      component: () => import('./ReportPage.vue'),
      meta: { title: 'ui.nav.report', needs: 'grid.incident.report' },
    },
    {
      path: '/grid/rechecks',
      name: 'rechecks',
      component: () => import('./RechecksPage.vue'),
      meta: { title: 'ui.nav.rechecks', needs: 'grid.incident.recheck' },
    },
    { path: '/grid/categories', name: 'categories', component: () => import('./CategoriesPage.vue'), meta: { title: 'ui.nav.categories' } },
  ],
  menu: [
    { group: 'work', order: 70, route: 'rechecks', title: 'ui.nav.rechecks', icon: Aim, needs: 'grid.incident.recheck' },
    { group: 'work', order: 90, route: 'report', title: 'ui.nav.report', icon: Location, needs: 'grid.incident.report' },
    { group: 'know', order: 50, route: 'categories', title: 'ui.nav.categories', icon: Finished },
  ],
  figures: defineAsyncComponent(() => import('./RecheckFigures.vue')),
}
