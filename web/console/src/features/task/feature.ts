import { Files, Finished, Histogram } from '@element-plus/icons-vue'
import type { Feature } from '@console/shell/feature'
import { needTexts } from '@shared/i18n'
import { share } from '@matters/task'
import { defineAsyncComponent } from 'vue'
import { useWays } from './subjects'

export const feature: Feature = {
  sections: ['task'],
  matters: [
    {
      ...share,
      section: defineAsyncComponent(() =>
        Promise.all([import('./TaskMatter.vue'), needTexts(undefined, ['task']), needTexts(undefined, ['exchange'])]).then(([m]) => m),
      ),
      subjects: useWays,
    },
  ],
  routes: [
    {
      path: '/tasks',
      name: 'tasks',
      component: () => import('./TasksPage.vue'),
      meta: { title: 'task.ui.list', needs: 'task.task.read' },
    },
    {
      path: '/tasks/new',
      name: 'task-new',
      component: () => import('./TaskEditor.vue'),
      meta: { title: 'task.ui.new', needs: 'task.task.write' },
    },
    {
      path: '/tasks/refusals',
      name: 'task-refusals',
      component: () => import('./RefusalsPage.vue'),
      meta: { title: 'task.ui.refusals_title', needs: 'task.refusal.read' },
    },
    {
      path: '/tasks/figures',
      name: 'task-figures',
      component: () => import('./FiguresPage.vue'),
      meta: { title: 'task.ui.figures', needs: 'task.figure.read' },
    },
    {
      path: '/tasks/:id',
      name: 'task',
      component: () => import('./TaskPage.vue'),
      props: true,
      meta: { title: 'task.ui.title', needs: 'task.task.read' },
    },
    {
      path: '/tasks/:id/edit',
      name: 'task-edit',
      component: () => import('./TaskEditor.vue'),
      props: true,
      meta: { title: 'task.ui.edit', needs: 'task.task.write' },
    },
  ],
  menu: [
    { group: 'work', order: 76, route: 'tasks', title: 'ui.nav.tasks', icon: Files, needs: 'task.task.read' },
    { group: 'work', order: 77, route: 'task-refusals', title: 'ui.nav.taskRefusals', icon: Finished, needs: 'task.refusal.read' },
    { group: 'know', order: 46, route: 'task-figures', title: 'ui.nav.taskFigures', icon: Histogram, needs: 'task.figure.read' },
  ],
}
