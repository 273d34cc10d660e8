import { cut } from '@shared/characters'
import type { NewAreaChange } from '@shared/contract'

export const systems = ['CGCS2000', 'GCJ02', 'BD09'] as const
export type System = (typeof systems)[number]

/** A part to be cut out of a community, as it is filled in. */
export interface PartForm {
  name: string
  code: string
  grids: string[]
  outline: string
}

export const emptyPart = (): PartForm => ({ name: '', code: '', grids: [], outline: '' })
/** The server takes no longer outline of one part. */
export const longestOutline = 200_000

type Json = { type?: unknown; features?: unknown; properties?: Record<string, unknown> | null; geometry?: unknown; crs?: unknown }

/** The outlines of a GeoJSON document, one a part, named by the property name; null when it is none. */
export function readOutlines(text: string): { name: string; outline: string }[] | null {
  let doc: Json
  try {
    doc = JSON.parse(text) as Json
  } catch {
    return null
  }
  if (!doc || typeof doc !== 'object') return null
  const features = doc.type === 'FeatureCollection' && Array.isArray(doc.features) ? (doc.features as Json[]) : [doc]
  const parts = features.map((f) => ({
    name: typeof f.properties?.name === 'string' ? cut(f.properties.name, 60) : '',
    // The document's own coordinate system goes along with each of its outlines.
    outline: JSON.stringify(doc.crs && !f.crs ? { ...f, crs: doc.crs } : f),
  }))
  const shaped = (f: Json) => ['Polygon', 'MultiPolygon', 'Feature'].includes(String(f.type))
  return features.length > 0 && features.length <= 20 && features.every(shaped) && parts.every((p) => p.outline.length <= longestOutline)
    ? parts
    : null
}

/** The parts as the API takes them. */
export function partsOf(parts: PartForm[], crs: System, source: string): NonNullable<NewAreaChange['parts']> {
  return parts.map((p) => ({
    name: p.name.trim(),
    grids: p.grids,
    ...(p.code.trim() ? { code: p.code.trim() } : {}),
    ...(p.outline ? { outline: p.outline, crs, source: source.trim() } : {}),
  }))
}
