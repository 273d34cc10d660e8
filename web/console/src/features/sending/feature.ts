import { DocumentChecked, EditPen, Warning } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  sections: ['exchange', 'notice'],
  routes: [
    {
      path: '/forms/mine',
      name: 'forms-mine',
      component: () => import('./MinePage.vue'),
      meta: { title: 'exchange.answer.ui.mine', needs: 'exchange.answer.fill' },
    },
    {
      path: '/forms/answers/:id',
      name: 'answer',
      component: () => import('./AnswerPage.vue'),
      props: true,
      meta: { title: 'exchange.answer.ui.title', needs: 'exchange.dispute.read' },
    },
    {
      path: '/forms/sendings',
      name: 'sendings',
      component: () => import('./SendingsPage.vue'),
      meta: { title: 'exchange.sending.ui.title', needs: 'exchange.sending.read' },
    },
    {
      path: '/forms/sendings/:id',
      name: 'sending',
      component: () => import('./SendingPage.vue'),
      props: true,
      meta: { title: 'exchange.sending.ui.title', needs: 'exchange.sending.read' },
    },
    {
      path: '/forms/:id/send',
      name: 'form-send',
      component: () => import('./SendPage.vue'),
      props: true,
      meta: { title: 'exchange.sending.ui.send', needs: 'exchange.sending.send' },
    },
    {
      path: '/forms/disputes',
      name: 'disputes',
      component: () => import('./DisputesPage.vue'),
      meta: { title: 'exchange.dispute.ui.title', needs: 'exchange.dispute.read' },
    },
  ],
  menu: [
    { group: 'work', order: 62, route: 'forms-mine', title: 'ui.nav.formsMine', icon: EditPen, needs: 'exchange.answer.fill' },
    {
      group: 'work',
      order: 63,
      route: 'sendings',
      title: 'ui.nav.sendings',
      icon: DocumentChecked,
      needs: 'exchange.sending.read',
    },
    { group: 'work', order: 64, route: 'disputes', title: 'ui.nav.disputes', icon: Warning, needs: 'exchange.dispute.read' },
  ],
}
