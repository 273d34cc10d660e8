/** Where the help button leads: /manual/<slug>#<name of the page>. The manuals are docs/zh, served by the program. */

type Slug = 'window' | 'grid' | 'dispatch' | 'department' | 'admin'

/** The manual of a role; of several roles the first in this list counts. All others read the administrators' manual. */
const ofRole: [role: string, slug: Slug][] = [
  ['window_worker', 'window'],
  ['grid_worker', 'grid'],
  ['dispatcher', 'dispatch'],
  ['department_clerk', 'department'],
  ['department_head', 'department'],
]

/** The pages that a manual has a section about. The administrators' manual has one about each page of the console. */
export const sections: Record<Exclude<Slug, 'admin'>, string[]> = {
  window: [
    'sign-in',
    'safety',
    'home',
    'items',
    'item',
    'apply',
    'inbox',
    'case',
    'parts',
    'report',
    'categories',
    'people',
    'roster',
    'forms-mine',
    'answer',
    'disputes',
    'notices',
    'notice-new',
    'notice',
    'notice-edit',
    'registry',
    'routes',
  ],
  grid: ['sign-in', 'inbox', 'report', 'case', 'parts', 'home', 'categories', 'people', 'me', 'safety'],
  dispatch: [
    'sign-in',
    'home',
    'inbox',
    'case',
    'followups',
    'appeals',
    'parts',
    'report',
    'apply',
    'routes',
    'categories',
    'items',
    'flows',
    'forms-mine',
    'answer',
    'disputes',
    'notices',
    'people',
    'requests',
    'registry',
    'safety',
  ],
  department: [
    'sign-in',
    'home',
    'inbox',
    'case',
    'parts',
    'appeals',
    'items',
    'item',
    'categories',
    'community-forms',
    'community-form-new',
    'community-form',
    'notices',
    'notice-new',
    'notice',
    'tasks',
    'task-new',
    'task',
    'sendings',
    'sending',
    'form-send',
    'disputes',
    'answer',
    'flows',
    'calendar',
    'rules',
    'safety',
  ],
}

export function manualOf(roles: string[]): Slug {
  return ofRole.find(([role]) => roles.includes(role))?.[1] ?? 'admin'
}

/** The same in the field app: its own address of the manual of grid workers, which its service worker keeps (web/field/src/worker.js). */
export const fieldHelpAddress = (page: string) => `/field${helpAddress(['grid_worker'], page)}`

/** The address of the section about a page, in the manual of these roles if it has one. */
export function helpAddress(roles: string[], page: string): string {
  const own = manualOf(roles)
  const slug = own === 'admin' || sections[own].includes(page) ? own : 'admin'
  return `/manual/${slug}#${page}`
}
