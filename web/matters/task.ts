import type { Matter } from '@shared/matter'

/** What one community has of a department's task. It is called by the task's title. */
export const share: Matter = {
  kind: 'task',
  flow: 'task.share',
  path: '/task/shares',
  title: (c) => c.title,
  apart: true,
}
