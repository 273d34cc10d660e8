import { groups, type MenuLink } from './feature'
import { features } from './features'

export interface ModuleGroup {
  title: string
  links: MenuLink[]
}

/** The left side of the console: a link is shown only to those who may open it. */
export const moduleGroups: ModuleGroup[] = groups.map((group) => ({
  title: `ui.nav.${group}`,
  links: features
    .flatMap((f) => f.menu ?? [])
    .filter((l) => l.group === group)
    .sort((a, b) => a.order - b.order),
}))
