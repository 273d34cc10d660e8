/**
 * Draws a lifecycle in columns. A state stands right of every state that leads to it, moves back aside;
 * a move over several columns keeps a lane of its own between the boxes.
 */
import type { Flow } from '@shared/contract'

export interface Spot {
  state: string
  open: boolean
  x: number
  y: number
}
export interface Arrow {
  from: string
  to: string
  verbs: string[]
  path: string
  labelX: number
  labelY: number
  back: boolean
}
export interface Drawing {
  box: Box
  spots: Spot[]
  arrows: Arrow[]
  width: number
  height: number
}
interface Edge {
  from: string
  to: string
  verbs: string[]
}
/** A place in a column: a state, or a lane kept free for a long move. */
interface Slot {
  id: string
  column: number
  row: number
  before: string[]
}

/** How a flow's states and steps are worded, which decides how wide boxes and gaps must be. */
export interface Words {
  state: (state: string) => string
  verb: (verb: string) => string
}
export interface Box {
  width: number
  height: number
  gapX: number
  gapY: number
  edge: number
}

/** About how wide a text is in ems: a Chinese character one, a Latin letter a little over half. */
const ems = (text: string) => [...text].reduce((sum, c) => sum + (c.codePointAt(0)! > 0x2e80 ? 1 : 0.55), 0)

function boxFor(flow: Flow, words: Words): Box {
  const widest = (texts: string[]) => Math.max(0, ...texts.map(ems))
  return {
    width: Math.max(96, Math.ceil(widest(flow.states.map((s) => words.state(s.state))) * 14) + 20),
    height: 38,
    gapX: Math.max(84, Math.ceil(widest(flow.transitions.map((tr) => words.verb(tr.verb))) * 12) + 20),
    gapY: 46,
    edge: 16,
  }
}

function edgesOf(flow: Flow): Edge[] {
  const out: Edge[] = []
  for (const tr of flow.transitions) {
    if (!tr.to) continue // keeps the state: told in the table only
    for (const from of tr.from) {
      const same = out.find((a) => a.from === from && a.to === tr.to)
      if (!same) out.push({ from, to: tr.to, verbs: [tr.verb] })
      else if (!same.verbs.includes(tr.verb)) same.verbs.push(tr.verb)
    }
  }
  return out
}

/** The moves that close a circle, found walking from the start. */
function backEdges(flow: Flow, edges: Edge[]): Set<Edge> {
  const back = new Set<Edge>()
  const done = new Set<string>()
  const walk = (state: string, way: string[]) => {
    for (const e of edges.filter((edge) => edge.from === state)) {
      if (way.includes(e.to)) back.add(e)
      else if (!done.has(e.to)) walk(e.to, [...way, e.to])
    }
    done.add(state)
  }
  walk(flow.start, [flow.start])
  return back
}

function columnsOf(flow: Flow, forward: Edge[]): Map<string, number> {
  const column = new Map(flow.states.map((s) => [s.state, 0]))
  for (let round = 0; round < flow.states.length; round++) {
    for (const e of forward) column.set(e.to, Math.max(column.get(e.to) ?? 0, (column.get(e.from) ?? 0) + 1))
  }
  return column
}

const lane = (e: Edge, column: number) => `${e.from}>${e.to}@${column}`

/** Every column's slots in rows, each near the middle of what leads to it. */
function slotsOf(flow: Flow, forward: Edge[], column: Map<string, number>): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  for (const { state } of flow.states) slots.set(state, { id: state, column: column.get(state)!, row: 0, before: [] })
  for (const e of forward) {
    let previous = e.from
    for (let c = column.get(e.from)! + 1; c < column.get(e.to)!; c++) {
      slots.set(lane(e, c), { id: lane(e, c), column: c, row: 0, before: [previous] })
      previous = lane(e, c)
    }
    slots.get(e.to)!.before.push(previous)
  }
  const last = Math.max(...column.values())
  for (let c = 0; c <= last; c++) {
    const here = [...slots.values()].filter((s) => s.column === c)
    const middle = (s: Slot) => s.before.reduce((sum, id) => sum + slots.get(id)!.row, 0) / (s.before.length || 1)
    here
      .sort((a, b) => middle(a) - middle(b))
      .forEach((s, row) => {
        s.row = row
      })
  }
  return slots
}

export function draw(flow: Flow, words: Words): Drawing {
  const box = boxFor(flow, words)
  const edges = edgesOf(flow)
  const back = backEdges(flow, edges)
  const forward = edges.filter((e) => !back.has(e))
  const column = columnsOf(flow, forward)
  const slots = slotsOf(flow, forward, column)
  const x = (s: Slot) => box.edge + s.column * (box.width + box.gapX)
  const y = (s: Slot) => box.edge + 24 + s.row * (box.height + box.gapY)
  const spots = flow.states.map(({ state, open }) => ({ state, open, x: x(slots.get(state)!), y: y(slots.get(state)!) }))

  const through = (e: Edge): Arrow => {
    const stops = [slots.get(e.from)!]
    for (let c = column.get(e.from)! + 1; c < column.get(e.to)!; c++) stops.push(slots.get(lane(e, c))!)
    stops.push(slots.get(e.to)!)
    let path = ''
    for (let i = 1; i < stops.length; i++) {
      const [from, to] = [stops[i - 1]!, stops[i]!]
      const [x1, y1, x2, y2] = [x(from) + box.width, y(from) + box.height / 2, x(to), y(to) + box.height / 2]
      path += i === 1 ? `M${x1} ${y1}` : `L${x1} ${y1}`
      path += `C${x1 + box.gapX / 2} ${y1} ${x2 - box.gapX / 2} ${y2} ${x2} ${y2}`
    }
    const end = stops[1]!
    return { ...e, path, labelX: x(end) - box.gapX / 2, labelY: (y(stops[0]!) + 2 * y(end)) / 3 + box.height / 2 - 5, back: false }
  }
  const around = (e: Edge): Arrow => {
    const [from, to] = [slots.get(e.from)!, slots.get(e.to)!]
    const [x1, y1, x2, y2] = [x(from) + box.width / 2, y(from), x(to) + box.width / 2, y(to)]
    const high = Math.min(y1, y2) - 26
    return { ...e, path: `M${x1} ${y1}C${x1} ${high} ${x2} ${high} ${x2} ${y2}`, labelX: (x1 + x2) / 2, labelY: high + 4, back: true }
  }
  return {
    box,
    spots,
    arrows: edges.map((e) => (back.has(e) ? around(e) : through(e))),
    width: Math.max(...spots.map((s) => s.x)) + box.width + box.edge,
    height: Math.max(...[...slots.values()].map(y)) + box.height + box.edge,
  }
}
