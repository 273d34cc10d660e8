import type { CaseDetail, Known } from '@shared/contract'
import type { Catalogue } from '@shared/i18n'
import type { Matter } from '@shared/matter'
import type { Component, Ref } from 'vue'
import type { RouteLocationRaw, RouteRecordRaw } from 'vue-router'
import type { SessionStore } from '../session'

declare module 'vue-router' {
  interface RouteMeta {
    /** key of the page's title */
    title: string
    /** open to whoever is not signed in */
    open?: boolean
    /** permission without which the page is not shown */
    needs?: string
    /** sections of the server's texts that the page shows and not every page needs */
    texts?: string[]
  }
}

/** The headings of the console's left side, in order: ui.nav.<group>. */
export const groups = ['work', 'know', 'order'] as const

/** An entry of the left side; shown only to those who hold `needs`. Entries of a group stand by `order`. */
export interface MenuLink {
  group: (typeof groups)[number]
  order: number
  route: string
  title: string
  icon: Component
  needs?: string
}

/** What cases can be about, by class: items, categories. The value of a group is that of the whole class. */
export interface SubjectGroup {
  value: string
  label: string
  subjects: { value: string; label: string }[]
}

/** A matter as the console shows it. The forms of its steps are made from what its flow declares. */
export interface CaseMatter extends Matter {
  /** the section of a case's page that says what it is about; it is given the case (of) */
  section: Component
  /** the composable that reads what its cases can be about */
  subjects: () => Ref<SubjectGroup[]>
  /** other cases that seem to tell the same */
  alike?: (of: CaseDetail) => Promise<Known[]>
}

/** What the search of the console found: its kind is worded by `ui.search.<kind>`. */
export interface Found {
  kind: string
  id: string
  name: string
  where: string
  to: RouteLocationRaw
  /** of words that were not searched for */
  plain?: boolean
}

/** What a feature folder brings to the console: its feature.ts exports one, and shell/features.ts lists it. */
export interface Feature {
  routes: RouteRecordRaw[]
  /** what its pages alone say; read with the first of them */
  texts?: Catalogue
  /** likewise of the server's texts: the modules whose `ui` words its pages show */
  sections?: string[]
  /** what cases of its own are about */
  matters?: CaseMatter[]
  menu?: MenuLink[]
  /** what it finds by words, of what the one who asks may see */
  find?: (words: string, session: SessionStore) => Promise<Found[]>
  /** its figures on the first page; each is given the code of the area */
  figures?: Component
}
