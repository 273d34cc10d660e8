import type { Matter } from '@shared/matter'

/** An application for a service. It is called by its item, in the reader's language. */
export const application: Matter = {
  kind: 'application',
  flow: 'hall.application',
  path: '/hall/applications',
  title: (c) => c.subjectName,
}
