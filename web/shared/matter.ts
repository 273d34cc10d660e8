/** What a case can be about, as the modules of a face register it: a matter has its own flow, routes and title. */
import type { Case, Category, Known, Telling } from './contract'

export interface Matter {
  /** the kind of its cases */
  kind: string
  /** the flow in whose words its states, verbs and fields are named */
  flow: string
  /** where the API has its cases; a step is at <path>/<id>/<verb> */
  path: string
  title: (c: Pick<Case, 'title' | 'subjectName'>) => string
  /** no resident brought its cases: there is no reporter to show or to tell */
  apart?: boolean
  /** how staff bring one from where they stand, in the field app; without it they bring none there */
  report?: Report
}

/** What the field app's form of a report needs of its matter; the report is sent to the matter's path. */
export interface Report {
  /** the permission to report */
  permission: string
  /** what can be reported: classes, and below each its sub-classes */
  categories: () => Promise<Category[]>
  /** what is reported already: asked before a report is sent */
  known: (telling: Telling) => Promise<Known[]>
}

const matters = new Map<string, Matter>()

/** Registers the matters of a face, once, before its first page. */
export function registerMatters(of: Matter[]): void {
  for (const m of of) matters.set(m.kind, m)
}

/** The kinds of cases, in the order in which they were registered. */
export const caseKinds = (): string[] => [...matters.keys()]

/** The matter that staff report in the field app: the first registered one that can be reported there. */
export const reportable = (): (Matter & { report: Report }) | undefined =>
  [...matters.values()].find((m): m is Matter & { report: Report } => !!m.report)

/** The matter of a kind. One that a newer server has and this face does not yet know is called by its kind, and offers no step. */
export const matterOf = (kind: string): Matter =>
  matters.get(kind) ?? { kind, flow: kind, path: '', title: (c) => c.title || c.subjectName }
