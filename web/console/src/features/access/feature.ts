import { Key, User } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'

export const feature: Feature = {
  texts: { zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') },
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./SignInPage.vue'), meta: { title: 'ui.signIn.title', open: true } },
    { path: '/setup', name: 'setup', component: () => import('./SetUpPage.vue'), meta: { title: 'ui.setup.title', open: true } },
    {
      path: '/access/accounts',
      name: 'accounts',
      component: () => import('./AccountsPage.vue'),
      meta: { title: 'ui.nav.accounts', needs: 'access.account' },
    },
    {
      path: '/access/roles',
      name: 'roles',
      component: () => import('./RolesPage.vue'),
      meta: { title: 'ui.nav.roles', needs: 'access.account', texts: ['permission'] },
    },
    { path: '/safety', name: 'safety', component: () => import('./SafetyPage.vue'), meta: { title: 'ui.safety.title' } },
  ],
  menu: [
    { group: 'order', order: 10, route: 'accounts', title: 'ui.nav.accounts', icon: User, needs: 'access.account' },
    { group: 'order', order: 30, route: 'roles', title: 'ui.nav.roles', icon: Key, needs: 'access.account' },
  ],
}
