import { Box } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['council'],
  routes: [
    {
      path: '/council/elections',
      name: 'elections',
      component: () => import('./ElectionsPage.vue'),
      meta: { title: 'council.election.ui.elections', needs: 'council.election.read' },
    },
    {
      path: '/council/elections/new',
      name: 'election-new',
      component: () => import('./ElectionEditor.vue'),
      meta: { title: 'council.election.ui.election_new', needs: 'council.election.begin' },
    },
    {
      path: '/council/elections/:id',
      name: 'election',
      component: () => import('./ElectionPage.vue'),
      props: true,
      meta: { title: 'council.election.ui.election', needs: 'council.election.read' },
    },
    {
      path: '/council/elections/:id/edit',
      name: 'election-edit',
      component: () => import('./ElectionEditor.vue'),
      props: true,
      meta: { title: 'council.election.ui.election_edit', needs: 'council.election.run' },
    },
  ],
  menu: [{ group: 'know', order: 49, route: 'elections', title: 'ui.nav.elections', icon: Box, needs: 'council.election.read' }],
}
