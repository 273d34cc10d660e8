import { ChatDotSquare, Finished, Reading, UserFilled } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['council'],
  routes: [
    {
      path: '/council/thresholds',
      name: 'thresholds',
      component: () => import('./ThresholdsPage.vue'),
      meta: { title: 'council.ui.thresholds', needs: 'council.threshold.read' },
    },
    {
      path: '/council/meetings',
      name: 'meetings',
      component: () => import('./MeetingsPage.vue'),
      meta: { title: 'council.meeting.ui.meetings', needs: 'council.meeting.read' },
    },
    {
      path: '/council/meetings/new',
      name: 'meeting-new',
      component: () => import('./MeetingEditor.vue'),
      meta: { title: 'council.meeting.ui.new_meeting', needs: 'council.meeting.keep' },
    },
    {
      path: '/council/meetings/:id',
      name: 'meeting',
      component: () => import('./MeetingPage.vue'),
      props: true,
      meta: { title: 'council.meeting.ui.meeting', needs: 'council.meeting.read' },
    },
    {
      path: '/council/meetings/:id/edit',
      name: 'meeting-edit',
      component: () => import('./MeetingEditor.vue'),
      props: true,
      meta: { title: 'council.meeting.ui.edit_meeting', needs: 'council.meeting.keep' },
    },
    {
      path: '/council/meetings/:id/print',
      name: 'meeting-print',
      component: () => import('./MeetingPrint.vue'),
      props: true,
      meta: { title: 'council.meeting.ui.print', needs: 'council.meeting.keep' },
    },
    {
      path: '/council/matters',
      name: 'matters',
      component: () => import('./MattersPage.vue'),
      meta: { title: 'council.matter.ui.matters', needs: 'council.matter.read' },
    },
    {
      path: '/council/matters/new',
      name: 'matter-new',
      component: () => import('./MatterEditor.vue'),
      meta: { title: 'council.matter.ui.new', needs: 'council.matter.raise' },
    },
    {
      path: '/council/matters/:id',
      name: 'matter',
      component: () => import('./MatterPage.vue'),
      props: true,
      meta: { title: 'council.matter.ui.matter', needs: 'council.matter.read' },
    },
    {
      path: '/council/matters/:id/edit',
      name: 'matter-edit',
      component: () => import('./MatterEditor.vue'),
      props: true,
      meta: { title: 'council.matter.ui.edit', needs: 'council.matter.raise' },
    },
    {
      path: '/council/delegations',
      name: 'delegations',
      component: () => import('./DelegationsPage.vue'),
      meta: { title: 'council.matter.ui.delegations', needs: 'council.matter.read' },
    },
    {
      path: '/council/representatives',
      name: 'representatives',
      component: () => import('./RepresentativesPage.vue'),
      meta: { title: 'council.meeting.ui.representatives', needs: 'council.meeting.read' },
    },
  ],
  menu: [
    { group: 'work', order: 82, route: 'matters', title: 'ui.nav.councilMatters', icon: Finished, needs: 'council.matter.read' },
    {
      group: 'work',
      order: 79,
      route: 'meetings',
      title: 'ui.nav.councilMeetings',
      icon: ChatDotSquare,
      needs: 'council.meeting.read',
    },
    {
      group: 'know',
      order: 47,
      route: 'representatives',
      title: 'ui.nav.councilRepresentatives',
      icon: UserFilled,
      needs: 'council.meeting.read',
    },
    {
      group: 'know',
      order: 48,
      route: 'thresholds',
      title: 'ui.nav.councilThresholds',
      icon: Reading,
      needs: 'council.threshold.read',
    },
  ],
}
