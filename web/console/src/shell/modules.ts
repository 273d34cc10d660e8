import {
  Aim, Avatar, Calendar, ChatLineSquare, Connection, DataAnalysis, DataBoard, Document, EditPen, Files, Finished, Key, List, Location, Message, OfficeBuilding, Position, Reading, Share, Tickets, Timer, User, Warning,
} from '@element-plus/icons-vue'
import type { Component } from 'vue'

export interface ModuleLink { route: string; title: string; icon: Component; needs?: string }
export interface ModuleGroup { title: string; links: ModuleLink[] }

/** The left side of the console: a link is shown only to those who may open it. */
export const moduleGroups: ModuleGroup[] = [
  {
    title: 'ui.nav.work',
    links: [
      { route: 'home', title: 'ui.nav.home', icon: DataBoard },
      { route: 'inbox', title: 'ui.nav.inbox', icon: Tickets, needs: 'casework.case' },
      { route: 'followups', title: 'ui.nav.followups', icon: ChatLineSquare, needs: 'casework.followup.read' },
      { route: 'appeals', title: 'ui.nav.appeals', icon: Warning, needs: 'casework.appeal.read' },
      { route: 'indicators', title: 'ui.nav.indicators', icon: DataAnalysis, needs: 'casework.board' },
      { route: 'parts', title: 'ui.nav.parts', icon: Connection, needs: 'casework.part' },
      { route: 'rechecks', title: 'ui.nav.rechecks', icon: Aim, needs: 'grid.incident.recheck' },
      { route: 'apply', title: 'ui.nav.apply', icon: EditPen, needs: 'hall.application.submit' },
      { route: 'report', title: 'ui.nav.report', icon: Location, needs: 'grid.incident.report' },
    ],
  },
  {
    title: 'ui.nav.know',
    links: [
      { route: 'people', title: 'ui.nav.people', icon: Avatar, needs: 'people.person.read' },
      { route: 'requests', title: 'ui.nav.requests', icon: Key, needs: 'people.request.handle' },
      { route: 'registry', title: 'ui.nav.registry', icon: OfficeBuilding },
      { route: 'items', title: 'ui.nav.items', icon: Document },
      { route: 'categories', title: 'ui.nav.categories', icon: Finished },
    ],
  },
  {
    title: 'ui.nav.order',
    links: [
      { route: 'accounts', title: 'ui.nav.accounts', icon: User, needs: 'access.account' },
      { route: 'audit', title: 'ui.nav.audit', icon: List, needs: 'audit.entry.read' },
      { route: 'roles', title: 'ui.nav.roles', icon: Key, needs: 'access.account' },
      { route: 'messages', title: 'ui.nav.messages', icon: Message, needs: 'notify.message' },
      { route: 'routes', title: 'ui.nav.routes', icon: Position, needs: 'casework.route' },
      { route: 'rules', title: 'ui.nav.rules', icon: Reading },
      { route: 'calendar', title: 'ui.nav.calendar', icon: Calendar },
      { route: 'shipped', title: 'ui.nav.shipped', icon: Files, needs: 'shipped.text.decide' },
      { route: 'jobs', title: 'ui.nav.jobs', icon: Timer, needs: 'jobs.job.read' },
      { route: 'flows', title: 'ui.nav.flows', icon: Share },
    ],
  },
]
