import { OfficeBuilding } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    {
      path: '/registry/imports/:id?',
      name: 'imports',
      component: () => import('./ImportsPage.vue'),
      props: true,
      meta: { title: 'ui.nav.imports', needs: 'registry.area.import', texts: ['error'] },
    },
    {
      path: '/registry/:code?',
      name: 'registry',
      component: () => import('./RegistryPage.vue'),
      props: true,
      meta: { title: 'ui.nav.registry' },
    },
  ],
  menu: [{ group: 'know', order: 30, route: 'registry', title: 'ui.nav.registry', icon: OfficeBuilding }],
  find: async (words) => (await import('./search')).find(words),
}
