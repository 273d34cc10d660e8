/** What every face registers before its first page. */
import { registerMatters } from '../shared/matter'
import { application } from '../matters/hall'
import { incident } from '../matters/grid'

registerMatters([application, incident])
