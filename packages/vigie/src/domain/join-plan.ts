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

/** A batch that rows of a group see. */
export interface Seen<T> extends Visible<T> {
  /** First event cut that sees it. -Infinity: all rows of the group do. */
  readonly fromUs: number
}

/** Tables that are searched at once. */
export interface Cluster<T> {
  /** Later ones win over earlier ones of the same event time. Of a snapshot view there is one. */
  readonly batches: readonly Seen<T>[]
}

/**
 * Each stretch with other tables is a search of its own. Of events that come in many batches there are too many: then
 * stretches are told apart by corrections alone, and what is known is compared row by row, which costs a sort more.
 */
const MOST_STRETCHES_OF_EVENTS = 8
/** Events that are so old that three searches did not meet them are few: the rest is searched at once. */
const MOST_CLUSTERS_OF_EVENTS = 4

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
 *   has one among the batches with `fromUs` at or before the cut; of equal times that of the latest batch, and within a
 *   batch the latest created; then drops it when `cut - event time > ttl`
 *
 * Time falls into stretches in which nothing becomes visible or vanishes, so the rule is asked once a stretch and not
 * once a row. Event times need no such points: they are compared row by row.
 */
export function planJoin<T extends { readonly sha256: string }>(
  view: ViewHistory<T>,
  spine: SpineCuts,
): readonly Group<T>[] {
  const groups = new Map<string, { stretches: (readonly [number, number])[]; rows: number; seen: Seen<T>[] }>()
  for (const { first, last, rows } of stretchesFor(view, spine)) {
    const seen = visibleBatches(view, { eventUs: last, knownUs: last + spine.knownAfterUs })
      .filter((batch) => batch.firstUs <= last && first - batch.lastUs <= view.ttlUs)
      .map((batch) => {
        const fromUs = seenFrom(view, batch, spine)
        return { ...batch, fromUs: fromUs <= first ? -Infinity : fromUs }
      })
    const id = seen.map(({ table, previous, fromUs }) => `${table.sha256} ${previous?.sha256} ${fromUs}`).join()
    const group = groups.get(id) ?? { stretches: [], rows: 0, seen }
    group.stretches.push([first, last])
    group.rows += rows
    groups.set(id, group)
  }
  return Array.from(groups.values(), ({ stretches, rows, seen }) => {
    const found = clusters(seen)
    return { stretches, rows, clusters: view.dated === 'event' ? bounded(found) : found }
  })
}

function stretchesFor<T>(view: ViewHistory<T>, spine: SpineCuts): readonly Stretch[] {
  const all = stretchesOf(spine, changes(view, spine))
  if (view.dated === 'snapshot' || all.length <= MOST_STRETCHES_OF_EVENTS) return all
  return stretchesOf(spine, corrections(view, spine))
}

function seenFrom<T>({ arrivesUs }: ViewHistory<T>, { knownUs }: { knownUs: number }, spine: SpineCuts): number {
  return knownUs - arrivesUs - spine.knownAfterUs
}

/** Event cuts from which on another set of batches is visible, in order. */
function changes<T>(view: ViewHistory<T>, spine: SpineCuts): Float64Array {
  const at = new Set<number>()
  for (const batch of view.batches) {
    at.add(seenFrom(view, batch, spine))
    if (view.dated === 'event') continue
    at.add(batch.lastUs)
    at.add(batch.lastUs + view.ttlUs + 1)
  }
  return Float64Array.from(at).sort()
}

/** Event cuts from which on a batch is no longer visible, because another replaces it. */
function corrections<T>(view: ViewHistory<T>, spine: SpineCuts): Float64Array {
  const dates = new Set<string>()
  const at = new Set<number>()
  for (const batch of view.batches) {
    if (batch.asOf === null) continue
    if (dates.has(batch.asOf)) at.add(seenFrom(view, batch, spine))
    dates.add(batch.asOf)
  }
  return Float64Array.from(at).sort()
}

interface Stretch {
  readonly first: number
  readonly last: number
  readonly rows: number
}

/** A million cuts in tens of milliseconds, so it stays on the event loop: typed arrays, and no objects within the loop. */
function stretchesOf({ cuts, rowsAt }: SpineCuts, changes: Float64Array): readonly Stretch[] {
  const first = new Float64Array(changes.length + 1).fill(Infinity)
  const last = new Float64Array(changes.length + 1).fill(-Infinity)
  const rows = new Float64Array(changes.length + 1)
  for (let i = 0; i < cuts.length; i++) {
    const cut = cuts[i]!
    const between = changesUpTo(changes, cut)
    if (cut < first[between]!) first[between] = cut
    if (cut > last[between]!) last[between] = cut
    rows[between]! += rowsAt === null ? 1 : rowsAt[i]!
  }
  const stretches = Array.from(rows, (rows, i) => ({ first: first[i]!, last: last[i]!, rows }))
  return stretches.filter(({ rows }) => rows > 0)
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
function clusters<T>(seen: readonly Seen<T>[]): readonly Cluster<T>[] {
  const order = new Map(seen.map((batch, i) => [batch, i]))
  const found: { batches: Seen<T>[]; lastUs: number }[] = []
  for (const batch of seen.toSorted((a, b) => a.firstUs - b.firstUs)) {
    const open = found.at(-1)
    if (open && batch.firstUs <= open.lastUs) {
      open.batches.push(batch)
      open.lastUs = Math.max(open.lastUs, batch.lastUs)
    } else found.push({ batches: [batch], lastUs: batch.lastUs })
  }
  return found.reverse().map(({ batches }) => ({ batches: batches.sort((a, b) => order.get(a)! - order.get(b)!) }))
}

function bounded<T>(clusters: readonly Cluster<T>[]): readonly Cluster<T>[] {
  if (clusters.length <= MOST_CLUSTERS_OF_EVENTS) return clusters
  const [first, rest] = [clusters.slice(0, MOST_CLUSTERS_OF_EVENTS - 1), clusters.slice(MOST_CLUSTERS_OF_EVENTS - 1)]
  // No two of them have equal times, so their order does not matter; within each it does.
  return [...first, { batches: rest.flatMap(({ batches }) => batches) }]
}
