import { registerMatters } from '@shared/matter'
import type { CaseMatter, Feature } from './feature'
import { feature as access } from '@console/features/access/feature'
import { feature as admission } from '@console/features/admission/feature'
import { feature as assessment } from '@console/features/assessment/feature'
import { feature as audit } from '@console/features/audit/feature'
import { feature as burden } from '@console/features/burden/feature'
import { feature as calendar } from '@console/features/calendar/feature'
import { feature as casework } from '@console/features/casework/feature'
import { feature as council } from '@console/features/council/feature'
import { feature as disclosure } from '@console/features/disclosure/feature'
import { feature as election } from '@console/features/election/feature'
import { feature as exchange } from '@console/features/exchange/feature'
import { feature as flow } from '@console/features/flow/feature'
import { feature as grid } from '@console/features/grid/feature'
import { feature as hall } from '@console/features/hall/feature'
import { feature as home } from '@console/features/home/feature'
import { feature as jobs } from '@console/features/jobs/feature'
import { feature as notice } from '@console/features/notice/feature'
import { feature as notify } from '@console/features/notify/feature'
import { feature as pact } from '@console/features/pact/feature'
import { feature as people } from '@console/features/people/feature'
import { feature as registry } from '@console/features/registry/feature'
import { feature as route } from '@console/features/route/feature'
import { feature as rule } from '@console/features/rule/feature'
import { feature as sending } from '@console/features/sending/feature'
import { feature as shipped } from '@console/features/shipped/feature'
import { feature as task } from '@console/features/task/feature'

/** The console's features, one line each (and its import): routes, menu and matters are read from here alone. */
export const features: Feature[] = [
  access,
  admission,
  assessment,
  audit,
  burden,
  calendar,
  casework,
  council,
  disclosure,
  election,
  exchange,
  flow,
  grid,
  hall,
  home,
  jobs,
  notice,
  notify,
  pact,
  people,
  registry,
  route,
  rule,
  sending,
  shipped,
  task,
]

/** What cases are about, in the order in which it is offered. */
export const matters: CaseMatter[] = features.flatMap((f) => f.matters ?? [])
registerMatters(matters)
