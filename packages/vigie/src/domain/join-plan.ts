import { type ViewHistory, type Visible, visibleBatches } from './point-in-time.ts'

/** The moments of a spine. UTC microseconds since 1970. */
export interface SpineCuts {
  /** Event cut of each row, or each distinct one once. */
  readonly cuts: Float64Array
  /** Number of rows at each cut; null when there is one a cut. */
  readonly rowsAt: Int32Array | null
  /** From the event cut to the knowledge cut: 1 for dates (through the day, delivered by midnight), 0 for instants. */
  readonly knownAfterUs: 0 | 1
}

/** Tables that are searched at once. */
export interface Cluster<T> {
  /** Later ones win over earlier ones of the same event time. Of a snapshot view there is one. */
  readonly batches: readonly Visible<T>[]
}

/** Rows of a spine that see the same tables. */
export interface Group<T> {
  /** First and last event cut of each stretch, both included. */
  readonly stretches: readonly (readonly [number, number])[]
  readonly rows: number
  /** Newest first. The events of each are all later than those of the next: a row found in one is done. */
  readonly clusters: readonly Cluster<T>[]
}

/**
 * The plan of a point-in-time join of one view, whatever executes it: which rows see which tables, and in which order
 * they are searched. Whoever executes it takes for each row
 *
 * - of a snapshot view, the row of its key in the first cluster that has one
 * - of an event view, the row of its key with the newest event time at or before the cut, from the first cluster that
 *   has one; of equal times that of the latest batch, and within a batch the latest created; then drops it when
 *   `cut - event time > ttl`
 *
 * Time falls into stretches in which nothing becomes visible or vanishes, so the rule is asked once a stretch and not
 * once a row. Events need no such points: their time is compared row by row.
 */
export function planJoin<T extends { readonly sha256: string }>(
  view: ViewHistory<T>,
  spine: SpineCuts,
): readonly Group<T>[] {
  const groups = new Map<string, { stretches: (readonly [number, number])[]; rows: number; visible: Visible<T>[] }>()
  for (const { first, last, rows } of stretchesOf(spine, changes(view, spine.knownAfterUs))) {
    const moment = { eventUs: first, knownUs: first + spine.knownAfterUs }
    const visible = visibleBatches(view, moment).filter(
      (batch) => batch.firstUs <= last && first - batch.lastUs <= view.ttlUs,
    )
    const id = visible.map(({ table, previous }) => `${table.sha256} ${previous?.sha256}`).join()
    const group = groups.get(id) ?? { stretches: [], rows: 0, visible }
    group.stretches.push([first, last])
    group.rows += rows
    groups.set(id, group)
  }
  return Array.from(groups.values(), ({ stretches, rows, visible }) => ({
    stretches,
    rows,
    clusters: clusters(visible),
  }))
}

/** Event cuts from which on another set of batches is visible, in order. */
function changes<T>(view: ViewHistory<T>, knownAfterUs: number): Float64Array {
  const at = new Set<number>()
  for (const { knownUs, lastUs } of view.batches) {
    at.add(knownUs - view.arrivesUs - knownAfterUs)
    if (view.dated === 'event') continue
    at.add(lastUs)
    at.add(lastUs + view.ttlUs + 1)
  }
  return Float64Array.from(at).sort()
}

interface Stretch {
  first: number
  last: number
  rows: number
}

function stretchesOf({ cuts, rowsAt }: SpineCuts, changes: Float64Array): readonly Stretch[] {
  const stretches = new Map<number, Stretch>()
  for (const [i, cut] of cuts.entries()) {
    const between = changesUpTo(changes, cut)
    const rows = rowsAt === null ? 1 : rowsAt[i]!
    const stretch = stretches.get(between)
    if (!stretch) {
      stretches.set(between, { first: cut, last: cut, rows })
      continue
    }
    if (cut < stretch.first) stretch.first = cut
    if (cut > stretch.last) stretch.last = cut
    stretch.rows += rows
  }
  return Array.from(stretches.values()).sort((a, b) => a.first - b.first)
}

function changesUpTo(changes: Float64Array, cut: number): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (changes[middle]! <= cut) low = middle + 1
    else high = middle
  }
  return low
}

/** Batches whose times overlap share a cluster, also when they only touch: of equal times the latest known wins. */
function clusters<T>(visible: readonly Visible<T>[]): readonly Cluster<T>[] {
  const order = new Map(visible.map((batch, i) => [batch, i]))
  const found: { batches: Visible<T>[]; lastUs: number }[] = []
  for (const batch of visible.toSorted((a, b) => a.firstUs - b.firstUs)) {
    const open = found.at(-1)
    if (open && batch.firstUs <= open.lastUs) {
      open.batches.push(batch)
      open.lastUs = Math.max(open.lastUs, batch.lastUs)
    } else found.push({ batches: [batch], lastUs: batch.lastUs })
  }
  return found.reverse().map(({ batches }) => ({ batches: batches.sort((a, b) => order.get(a)! - order.get(b)!) }))
}
