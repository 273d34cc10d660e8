/** What the API says, in the words of the API. Instants are UTC milliseconds, days YYYY-MM-DD. */

export interface Page<T> { items: T[]; next?: string }

export interface AreaRef { code: string; name: string }
export interface Area extends AreaRef {
  /** 2 city, 3 county, 4 street or town, 5 community, 6 grid */
  level: number
  kind: string
  parent: string
  path: AreaRef[]
  children: number
  communities: number
  urban?: boolean
}
export interface AreaHit extends Area { pinyin?: string; initials?: string }

export interface SessionGrant { role: string; area: string; areaName: string; bodyId: string; bodyName: string }
export interface Session {
  account: { id: string; login: string; name: string; language: string }
  grants: SessionGrant[]
  permissions: string[]
  scope: string[]
}
export interface DemoAccount { login: string; role: string; area: string; password: string }
export interface Site {
  demo: boolean
  city: AreaRef
  version: string
  languages: string[]
  mapTiles: string
  demoAccounts?: DemoAccount[]
}

export interface Grant {
  id: string
  role: string
  area: string
  areaName: string
  bodyId: string
  bodyName: string
  validFrom: string
  validTo: string
}
export type AccountState = 'active' | 'disabled'
export interface Account { id: string; login: string; name: string; state: AccountState; grants: Grant[]; version: number }
export interface NewGrant { role: string; area: string; bodyId?: string; validFrom: string; validTo?: string }
export interface Role { role: string; permissions: string[]; levels: number[] }

export interface Hours { days: number[]; from: string; to: string }
export interface Member {
  id: string
  name: string
  post: string
  phone: string
  termFrom: string
  termTo: string
  duty: Hours[]
  version: number
}
export interface Body {
  id: string
  kind: string
  department?: string
  name: string
  area: string
  phone: string
  address: string
  hours: Hours[]
  members?: Member[]
  version: number
}
export interface Outline {
  crs: string
  code: string
  name: string
  invented: boolean
  source: string
  geometry: GeoGeometry
}
export type GeoGeometry =
  | { type: 'Polygon'; coordinates: number[][][] }
  | { type: 'MultiPolygon'; coordinates: number[][][][] }
export interface RegisterFigures {
  communities: number
  residents: number
  villagers: number
  quasi: number
  grids: number
  counties: number
  streets: number
  complete: number
  report: { communities: number; urban: number; rural: number; source: string }
}

export type CaseKind = 'application' | 'incident'
export type DueState = 'none' | 'open' | 'running' | 'soon' | 'overdue' | 'met' | 'late'
export interface Due {
  state: DueState
  /** the calendar year that is not loaded, when open */
  year?: number
  left?: number
  unit?: 'workday' | 'workminute'
}
export interface Case {
  id: string
  number: string
  kind: CaseKind
  subject: string
  subjectName: string
  title: string
  state: string
  open: boolean
  area: string
  areaPath: AreaRef[]
  unit: { id: string; name: string } | null
  handler: { id: string; name: string } | null
  channel: string
  reportedAt: number
  dueAt: number | null
  statutoryDueAt: number | null
  due: Due
  closedAt: number | null
  rating: number | null
  version: number
}
export interface CaseEvent {
  seq: number
  at: number
  verb: string
  from: string
  to: string
  actor: { id: string; name: string; role: string }
  note: string
  data: Record<string, unknown>
  public: boolean
}
export interface CaseFile { id: string; name: string; mediaType: string; size: number; purpose: string; at: number }
export type FieldKind = 'text' | 'lines' | 'unit' | 'choice' | 'files'
export interface MoveField { name: string; kind: FieldKind; required: boolean; options?: string[]; max?: number }
export interface Move { verb: string; permission: string; to: string; fields: MoveField[]; danger: boolean }
export interface Place { text: string; lng?: number; lat?: number }
export interface CaseDetail extends Case {
  reporter: { name: string; phone: string }
  place: Place | null
  events: CaseEvent[]
  files: CaseFile[]
  allowed: Move[]
  application?: {
    item: string
    itemName: string
    answers: { key: string; label: string; value: string }[]
    missing: string[]
    returned: number
    opinion: string
    decision: string
  }
  incident?: { category: string; categoryName: string; description: string; closing: string }
}
export interface MoveBody {
  version: number
  note?: string
  unit?: string
  lines?: string[]
  choice?: string
  files?: string[]
}
export type InboxView = 'mine' | 'unit' | 'soon' | 'overdue' | 'open' | 'all'
export interface InboxCounts {
  mine: number
  unit: number
  soon: number
  overdue: number
  pending: { count: number; years: number[] }
}
export interface PeriodFigures { received: number; closed: number; onTime: number; rated: number; good: number }
export interface Board {
  area: string
  now: { open: number; soon: number; overdue: number }
  thisMonth: PeriodFigures
  lastMonth: PeriodFigures
  months: (PeriodFigures & { month: string; kind: CaseKind; late: number; sum: number })[]
  children: (PeriodFigures & { code: string; name: string; open: number; overdue: number; sum: number })[]
}
export interface Transition {
  from: string[]
  verb: string
  to: string
  permission: string
  fields: MoveField[]
  guards: { key: string; basis?: string; article?: string }[]
}
export interface Flow {
  name: string
  start: string
  states: { state: string; open: boolean }[]
  transitions: Transition[]
  mermaid: string
}

export interface Limit { amount: number; unit: string }
export interface Item {
  code: string
  name: string
  kind: 'government' | 'volunteer' | 'market'
  type: string
  department: string
  departmentName: string
  statutory: Limit
  promised: Limit
  summary: string
  enabled: boolean
}
export interface Material { name: string; basis: string; copies: number; form: string; required: boolean; held: boolean }
export type AnswerKind = 'text' | 'idnumber' | 'phone' | 'date' | 'number' | 'choice' | 'area' | 'textarea'
export interface FormField {
  key: string
  label: string
  kind: AnswerKind
  options?: { value: string; label: string }[]
  required: boolean
  personal: boolean
  group: string
}
export interface ItemGuide extends Item {
  nameZh: string
  nameEn: string
  who: string[]
  conditions: string[]
  materials: Material[]
  steps: string[]
  fee: string
  result: string
  place: string
  basis: { name: string; article: string }[]
  form: FormField[]
  version: number
}
export type Channel = 'portal' | 'window' | 'field' | 'console'
export interface Applicant { name: string; phone: string; idNumber: string; address: string }
export interface NewApplication {
  item: string
  area: string
  applicant: Applicant
  answers: Record<string, string>
  files?: string[]
  clientKey: string
  channel: Channel
}
export interface Taken { id: string; number: string; code: string; case?: Case }
export interface Category { code: string; parent: string; name: string; limit: Limit; department: string; closing: string }
export interface NewIncident {
  category: string
  description: string
  place: Place
  area?: string
  reporter?: { name: string; phone: string }
  files?: string[]
  clientKey: string
  channel: Channel
}
export interface Upload { id: string; name: string; mediaType: string; size: number }

export interface Rule {
  key: string
  value: string | number
  unit: string
  basis: string
  article: string
  validFrom: string
  validTo: string
  certainty: 'V' | 'S' | 'U' | 'D'
  note: string
}
export interface CalendarYear { year: number; notice: string; off: string[]; work: string[] }
