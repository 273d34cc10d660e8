import { Bell } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['notice'],
  routes: [
    {
      path: '/notices',
      name: 'notices',
      component: () => import('./NoticesPage.vue'),
      meta: { title: 'notice.ui.title', needs: 'notice.notice.read' },
    },
    {
      path: '/notices/new',
      name: 'notice-new',
      component: () => import('./NoticeEditor.vue'),
      meta: { title: 'notice.ui.new', needs: 'notice.notice.write' },
    },
    {
      path: '/notices/:id',
      name: 'notice',
      component: () => import('./NoticePage.vue'),
      props: true,
      meta: { title: 'notice.ui.title', needs: 'notice.notice.read' },
    },
    {
      path: '/notices/:id/edit',
      name: 'notice-edit',
      component: () => import('./NoticeEditor.vue'),
      props: true,
      meta: { title: 'notice.ui.edit', needs: 'notice.notice.write' },
    },
  ],
  menu: [{ group: 'work', order: 75, route: 'notices', title: 'ui.nav.notices', icon: Bell, needs: 'notice.notice.read' }],
}
