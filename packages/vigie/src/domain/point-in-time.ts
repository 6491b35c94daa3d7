import { VigieError } from '../errors.ts'
import { type AsOf, asOfDays, asOfMicros, monthEnd } from './as-of.ts'

/** A table as far as the rule looks into it. `eventRange`: first and last event time, UTC microseconds. */
interface DatedTable {
  readonly rows: number
  readonly eventRange?: readonly [number, number]
}

/** What a catalogue says of one version of one snapshot, and of one push. Instants are ISO 8601 in UTC. */
interface Version<T> {
  readonly id: string
  readonly asOf: AsOf
  readonly version: number
  readonly knownAt: string
  readonly tables: Readonly<Record<string, T>>
}
interface Pushed<T> {
  readonly id: string
  readonly source: string
  readonly knownAt: string
  readonly table: T
}

/** Rows of one source that became known at once. Times are UTC microseconds since 1970. */
export interface Batch<T> {
  readonly id: string
  /** Null when the source delivered no rows: what its date had before is gone all the same. */
  readonly table: T | null
  readonly knownUs: number
  /** First and last event time of the rows. Of a snapshot both are the end of its as_of. */
  readonly firstUs: number
  readonly lastUs: number
  /** Date of which it replaces all that was known before. Null: it replaces nothing, it was pushed. */
  readonly asOf: AsOf | null
  readonly version: number
}

/** What ever became known of one view, and how its values age and arrive. */
export interface ViewHistory<T> {
  /** `event`: each row has a time of its own. `snapshot`: each is true at the end of the as_of. */
  readonly dated: 'event' | 'snapshot'
  /** Later ones win over earlier ones of the same event time. */
  readonly batches: readonly Batch<T>[]
  /** How old a value may be when it is asked for; Infinity means for ever. */
  readonly ttlUs: number
  /** How long after the moment that is asked for a value may become known and still count. Infinity: always. */
  readonly arrivesUs: number
}

/** The moment for which a row is asked: events up to `eventUs` that were known by `knownUs`. */
export interface Moment {
  readonly eventUs: number
  readonly knownUs: number
}

/** The last microsecond of a date, which is when a snapshot of it is true. */
export function lastMicrosOf(date: AsOf): number {
  return (asOfDays(date) + 1) * 86_400_000_000 - 1
}

export function viewHistory<T extends DatedTable>(
  history: { readonly snapshots: readonly Version<T>[]; readonly pushes?: readonly Pushed<T>[] },
  view: {
    readonly from: string
    readonly eventTime: string | null
    readonly ttlMs: number | null
    readonly arrivesMs: number
  },
  { eventTimeOnly = false }: { readonly eventTimeOnly?: boolean } = {},
): ViewHistory<T> {
  const dated = view.eventTime === null ? 'snapshot' : 'event'
  const batch = (table: T | undefined, at: { readonly id: string; readonly knownAt: string }, asOf: AsOf | null) => {
    const trueAt = dated === 'snapshot' && asOf !== null ? lastMicrosOf(asOf) : null
    const [firstUs, lastUs] = trueAt === null ? (table?.eventRange ?? [-Infinity, Infinity]) : [trueAt, trueAt]
    const rows = table && table.rows > 0 ? table : null
    return { id: at.id, table: rows, knownUs: Number(micros(at.knownAt)), firstUs, lastUs, asOf }
  }
  const versions = history.snapshots.map((s) => ({ ...batch(s.tables[view.from], s, s.asOf), version: s.version }))
  const pushes = dated === 'event' ? (history.pushes ?? []).filter(({ source }) => source === view.from) : []
  const batches = [...versions, ...pushes.map((push) => ({ ...batch(push.table, push, null), version: 0 }))]
  return {
    dated,
    batches: batches.sort(byKnowledge),
    ttlUs: view.ttlMs === null ? Infinity : view.ttlMs * 1000,
    arrivesUs: eventTimeOnly ? Infinity : view.arrivesMs * 1000,
  }
}

/** Of what became known at once: a push after a delivery, a later date after an earlier one, then by version. */
function byKnowledge(a: Batch<unknown>, b: Batch<unknown>): number {
  if (a.knownUs !== b.knownUs) return a.knownUs - b.knownUs
  if (a.asOf === null || b.asOf === null) return (a.asOf === null ? 1 : 0) - (b.asOf === null ? 1 : 0)
  return asOfDays(a.asOf) - asOfDays(b.asOf) || a.version - b.version
}

/** A batch with rows that a moment sees. */
export interface Visible<T> extends Batch<T> {
  readonly table: T
  /** Of a snapshot: the table of the month end before, as the same moment sees it. */
  readonly previous: T | null
}

/**
 * Which batches a moment sees; later ones win over earlier ones of the same event time.
 *
 * - `known <= moment + arrives`: nothing that had not been delivered by then
 * - of several such versions of one date the latest known stands for the date as a whole: what a correction leaves out
 *   is gone
 * - snapshots: `end of as_of <= moment`, nothing from the future, and `moment - end of as_of <= ttl`, nothing too old.
 *   Events are held to both row by row.
 */
export function visibleBatches<T>(view: ViewHistory<T>, moment: Moment): readonly Visible<T>[] {
  const latest = new Map<AsOf, Batch<T>>()
  const seen: Batch<T>[] = []
  for (const batch of view.batches) {
    if (batch.knownUs > moment.knownUs + view.arrivesUs) continue
    if (view.dated === 'snapshot' && batch.lastUs > moment.eventUs) continue
    if (batch.asOf !== null) latest.set(batch.asOf, batch)
    seen.push(batch)
  }
  return seen.flatMap((batch) => {
    const { table, asOf } = batch
    if (table === null || (asOf !== null && latest.get(asOf) !== batch)) return []
    if (view.dated === 'event') return [{ ...batch, table, previous: null }]
    if (asOf === null || moment.eventUs - batch.lastUs > view.ttlUs) return []
    return [{ ...batch, table, previous: latest.get(monthEnd(asOf, -1))?.table ?? null }]
  })
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)$/

/** Microseconds since 1970 of a UTC instant in ISO 8601. `Date.parse` would drop what is below a millisecond. */
export function micros(instant: string): bigint {
  const match = INSTANT.exec(instant)
  if (!match) {
    throw new VigieError('internal', `"${instant.slice(0, 40)}" is not an instant`, {
      rule: 'instants are ISO 8601 in UTC with at most six decimals',
      value: instant.slice(0, 40),
    })
  }
  const [, date = '', hours, minutes, seconds, fraction = ''] = match
  const secondOfDay = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return asOfMicros(date as AsOf) + BigInt(secondOfDay) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}
