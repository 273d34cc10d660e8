import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** key of the page's title */
    title: string
    /** open to whoever is not signed in */
    open?: boolean
    /** permission without which the page is not shown */
    needs?: string
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

/** What a feature folder brings to the console: its feature.ts exports one, and shell/features.ts lists it. */
export interface Feature {
  routes: RouteRecordRaw[]
  menu?: MenuLink[]
}
