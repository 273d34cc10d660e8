/**
 * What the API says, named as the faces speak of it. Every shape is read from api/openapi.json
 * (`npm run api` writes api.gen.ts), so a change of the contract shows as a type error here.
 * Instants are UTC milliseconds, days YYYY-MM-DD.
 */
import type { components } from './api.gen'

type Schemas = components['schemas']

/** Lists are written as empty, never as null, though the document allows both. */
type Filled<T> = T extends readonly (infer U)[]
  ? Filled<U>[]
  : T extends object
    ? { [K in keyof T]: [Extract<T[K], readonly unknown[]>] extends [never] ? Filled<T[K]> : Filled<Exclude<T[K], null>> }
    : T
/** A schema of the document as the faces use it. */
export type Told<Name extends keyof Schemas> = Filled<Omit<Schemas[Name], '$schema'>>

export interface Page<T> {
  items: T[]
  next: string
}

export type Site = Told<'AppSiteInfo'>
export type DemoAccount = Told<'AppDemoAccount'>
export type Session = Told<'AccessSessionView'>

export type AreaRef = Told<'RegistryNamed'>
export type Area = Told<'RegistryAreaView'>
export type Hours = Told<'RegistryHours'>
export type Member = Told<'RegistryMember'>
export type MemberInput = Told<'RegistryMemberContent'>
export type Body = Told<'RegistryBody'>
export type NewBody = Told<'NewBodyBody'>
export type ChangedBody = Told<'ChangedBodyBody'>
export type ChangedMember = Told<'ChangedMemberBody'>
export type Gaps = Told<'RegistryGaps'>
export type RegisterFigures = Told<'RegistryFigures'>
export type AreaChange = Told<'RegistryChange'>
export type NewAreaChange = Told<'RegistryChangeBody'>
export type ChangeEffect = Told<'RegistryEffect'>
export type OutlineFinding = Told<'RegistryOutlineFinding'>
export type Decision = Told<'AppDecisionView'>
export type OutlinesRead = Told<'RegistryOutlinesRead'>
export type AreaImport = Told<'RegistryAreaImport'>
export type AreaDecision = Told<'RegistryDecisionView'>
export type AreaQuestion = Told<'RegistryQuestionView'>
export type AreaFacilities = Told<'RegistryFacilities'>
export type Coverage = Told<'RegistryCoverage'>
export type GeoGeometry = { type: 'Polygon'; coordinates: number[][][] } | { type: 'MultiPolygon'; coordinates: number[][][][] }
export type Outline = Omit<Told<'RegistryOutlineView'>, 'geometry'> & { geometry: GeoGeometry }

export type Case = Told<'CaseworkSummary'>
export type CaseKind = Case['kind']
export type Due = Told<'CaseworkDue'>
export type CaseDetail = Told<'CaseworkDetail'>
export type CaseEvent = Told<'CaseworkEventView'>
export type CaseFile = Told<'CaseworkFile'>
export type Upload = CaseFile
export type Move = Told<'CaseworkMove'>
export type MoveField = Told<'FlowField'>
export type MoveBody = Told<'CaseworkStepInput'>
export type Alert = Told<'CaseworkAlertView'>
export type InboxCounts = Told<'CaseworkInbox'>
export type Todo = Told<'CaseworkTodo'>
export type Part = Told<'CaseworkPartView'>
export type PartOfCase = Told<'CaseworkPartOfCase'>
export type CaseRoute = Told<'CaseworkRouteView'>
export type RouteClash = Told<'CaseworkClashView'>
export type RouteContent = Told<'CaseworkRouteContent'>
export type Routed = Told<'CaseworkRoutedView'>
export type PeriodFigures = Told<'CaseworkFigures'>
export type Board = Told<'CaseworkBoard'>
export type Flow = Told<'ModuleFlow'>

export type Limit = Told<'CalendarLimit'>
export type Item = Told<'HallItemSummary'>
export type ItemGuide = Told<'HallGuide'>
export type ItemChange = Told<'ChangeInputBody'>
export type Material = Told<'HallMaterialView'>
export type FormField = Told<'FormView'>
export type FieldKind = FormField['kind']
/** Kinds of one value or of some options: what the hall asks. */
export type PlainKind = Exclude<FieldKind, 'table' | 'file'>
export type FormCondition = Told<'FormCondition'>
export type NewApplication = Told<'SubmitInputBody'>
export type Taken = Told<'CaseworkOpenedView'>
export type CasePage = Told<'CaseListBody'>
export type SavedView = Told<'CaseworkSavedView'>
export type BulkResult = Told<'CaseworkBulkView'>
export type Known = Told<'CaseworkCandidate'>
export type Telling = Told<'AlikeInputBody'>
export type Category = Told<'GridCategoryView'>
export type CategoryWhole = Told<'GridCategory'>
export type NewCategory = Told<'NewCategoryBody'>
export type ChangedCategory = Told<'ChangedCategoryBody'>
export type Recheck = Told<'GridRecheckView'>
export type RecheckBoard = Told<'GridRecheckBoard'>
export type NewIncident = Told<'ReportInputBody'>

export type Account = Told<'AccessAccountView'>
export type AccountState = Account['state']
export type Grant = Told<'AccessGrantView'>
export type NewGrant = Told<'GrantInputBody'>
export type Role = Told<'AccessRoleView'>
export type SetUp = Told<'AccessSetupView'>
export type Place = Told<'AccessSession'>
export type Alarm = Told<'AccessAlarm'>
export type Factor = Told<'AccessFactor'>
export type Factors = Told<'AccessFactorsView'>
export type OwnTells = Told<'AccessTellView'>
export type OwnTell = OwnTells['channels'][number]
export type OfferedSecret = Told<'AccessOffered'>
export type Recovery = Told<'AccessRecoveryView'>
export type Message = Told<'NotifyView'>
export type FollowUp = Told<'CaseworkFollowUpView'>
export type Appeal = Told<'CaseworkAppealView'>
export type IndicatorTable = Told<'CaseworkIndicatorTable'>
export type Indicator = Told<'CaseworkIndicatorView'>
export type ChannelStanding = Told<'NotifyChannelView'>

export type Person = Told<'PeoplePersonView'>
export type PersonWhole = Told<'PeopleWholeView'>
export type ResidentTag = Told<'PeopleTag'>
export type NewResident = Told<'PeopleResidentInput'>
export type ResidentChange = Told<'PeopleCorrectionInput'>
export type Look = Told<'PeopleLook'>
export type PersonCopy = Told<'PeopleCopy'>
export type DataRequest = Told<'PeopleRequest'>
export type RosterImport = Told<'PeopleImport'>

export type AuditEntry = Told<'AuditRowView'>
export type AuditVerification = Told<'AuditVerifyView'>
export type AuditState = Told<'AuditState'>

export type Job = Told<'JobsJobView'>
export type Difference = Told<'ShippedDifference'>
export type HeldFile = Told<'PeopleHeldFile'>

export type Rule = Told<'RuleValue'>
export type CalendarYear = Told<'CalendarYear'>
export type CalendarDay = Told<'CalendarDay'>
export type CalendarDraft = Told<'CalendarDraft'>
export type CalendarPreview = Told<'CalendarPreview'>
export type CalendarLoaded = Told<'CalendarLoaded'>
