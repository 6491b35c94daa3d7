import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { FeatureStatus } from '../domain/feature-status.ts'
import type { Frame } from '../domain/frame.ts'

/** What is read of an entity. Made once and used again: how it is read is kept under its identity. */
export interface OnlineRequest {
  /** Columns that the views hold: base features and their lags, never derived ones. */
  readonly features: FeatureSpec
  /** How old the values of a view may be, in microseconds, inclusive. A view that is not named has no limit. */
  readonly maxAges: Readonly<Record<string, number>>
}

/** Everything in the order of the features that were asked for. */
export interface OnlineVector {
  /** NaN for whatever is not PRESENT. */
  readonly values: Float64Array
  readonly statuses: readonly FeatureStatus[]
  /** When the row became true that the value is from, in microseconds since 1970; NaN where nothing is known. */
  readonly eventTimes: Float64Array
}

/** Newest rows of one view, at most one a key, each with its two times in microseconds since 1970. */
export interface OnlineRows extends Frame {
  readonly eventTimes: Float64Array
  readonly knownTimes: Float64Array
}

export interface OnlineWrite {
  /**
   * - `merge`: a row replaces what is there unless that is newer, by event time and then by known time. Versions that
   *   are there already change nothing.
   * - `replace`: the view becomes these rows. What was written online only stays where it is newer.
   * - `rebuild`: the view becomes these rows, whatever was there.
   */
  readonly mode: 'merge' | 'replace' | 'rebuild'
  /**
   * Ids of the snapshots and pushes that the rows are from: `merge` adds to those of the view, the others name all of
   * them. None: the rows are written online only, and no offline version stands behind them.
   */
  readonly versions: readonly string[]
}

export interface Written {
  /** Entities whose row was written or withdrawn. */
  readonly changed: number
  /**
   * True when nothing was written: meanwhile the view got versions that a `replace` does not name, or some of those
   * that a `merge` does. Read again.
   */
  readonly outrun: boolean
}

/** What is known of one view. */
export interface OnlineView {
  readonly entities: number
  /** Stamp of the write that began the view: whatever carries an earlier one was read from something else. */
  readonly since: number
  /** Every version whose rows were offered, with the stamp of that write. */
  readonly versions: ReadonlyMap<string, number>
}

/** The newest row of each entity and view, read in microseconds without a database server. */
export interface OnlineStore {
  /**
   * Writes one view in one transaction: a reader sees all of it or nothing. Under another definition of the view
   * everything but `merge` starts it anew; `merge` is refused with `online_store_outdated`, unless nothing is there.
   */
  materialize(view: string, rows: OnlineRows, write: OnlineWrite): Promise<Written>
  /**
   * The values of one entity at `nowMicros` (microseconds since 1970; fractions are legal). An unknown entity is all
   * NOT_FOUND. Throws `online_store_outdated` when a view was written under another definition of what is asked.
   * Synchronous: a memory-mapped read. Reads of one turn of the event loop see one state of all views.
   */
  read(key: string, request: OnlineRequest, nowMicros: number): OnlineVector
  /** Grows with each write that changes what is read, and says what the reads of this turn see. 0 before the first. */
  stamp(): number
  /** Null when the view was never written, or under another definition than `features`. */
  view(view: string, features: FeatureSpec): OnlineView | null
  /** True when the entity's row of the view was written online only. */
  onlineOnly(view: string, key: string): boolean
  /** Keys of a view in order of their bytes, after `after`: at most `limit`. */
  keys(view: string, limit: number, after?: string): readonly string[]
  /** Number of entities of a view. */
  count(view: string): number
  close(): Promise<void>
}
