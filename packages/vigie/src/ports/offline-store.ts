import type { AsOf } from '../domain/as-of.ts'
import type { BrokenRule, SourceContract } from '../domain/contract.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'
import type { LabelColumn } from '../domain/label-column.ts'
import type { TableProfile } from '../domain/profile/table-profile.ts'
import type { Push, Snapshot, TableFile } from './snapshots.ts'

/** For which entities, at which time, features are asked. */
export type Spine =
  /** Every row of a stored table, seen at the end of one date. `label` is a column to bring along. */
  | {
      readonly kind: 'table'
      readonly table: TableFile
      readonly key: string
      readonly at: AsOf
      readonly label?: LabelColumn
    }
  /** Any keys at any dates, or at any instants (UTC microseconds since 1970). Duplicates are kept. */
  | { readonly kind: 'rows'; readonly keys: readonly string[]; readonly at: readonly AsOf[] | Float64Array }

/** Where one view's values come from and how old they may be. */
export interface ViewSource {
  readonly view: string
  readonly from: string
  readonly key: string
  /** Event-dated views: the column with each row's time. Null: one row an entity, true at the end of the as_of. */
  readonly eventTime: string | null
  /** Event-dated views: of two rows of one entity and time in one file, the later in this column counts. */
  readonly createdTime: string | null
  readonly ttlMs: number | null
  readonly arrivesMs: number
}

/** Everything that a catalogue lists, or a part of it. */
export interface History {
  readonly snapshots: readonly Snapshot[]
  /** Batches of event-dated sources, in the catalogue's order. None when left out. */
  readonly pushes?: readonly Push[]
}

/** The rows of a join. */
export interface Joined extends Frame {
  /** Time of the row that each value of a view is from, by view: UTC microseconds, NaN where there is none. */
  readonly eventTimes: ReadonlyMap<string, Float64Array>
}

/** The newest row of every entity. Times are UTC microseconds since 1970, one a row. */
export interface NewestRows extends Frame {
  readonly eventTimes: Float64Array
  readonly knownTimes: Float64Array
}

/** History of every feature, as immutable Parquet files. Any value can be read as it was known at any time. */
export interface OfflineStore {
  /**
   * Turns a checked CSV into a table file with the contract's types. `rows` is what the check counted: reading another
   * number is a fault and stores nothing.
   */
  importCsv(file: string, header: readonly string[], contract: SourceContract, rows: number): Promise<TableFile>
  /**
   * Undoes the imports of a delivery that was not committed; `tables` is what they returned. Tables that were there
   * before, or that another delivery brought as well, stay.
   */
  discard(tables: readonly TableFile[]): Promise<void>
  /**
   * Throws `duplicate_key` or `duplicate_after_normalisation` when keys repeat within a table, and `entity_unknown`
   * when they are missing from `listed`. In an event table a key may repeat, but not with the same times.
   */
  checkKeys(
    table: TableFile,
    source: string,
    key: string,
    listed: TableFile | null,
    times?: Pick<SourceContract, 'eventTime' | 'createdTime'>,
  ): Promise<void>
  /** The columns declared as unique in which a value appears twice, nulls apart. */
  repeatedValues(table: TableFile, contract: SourceContract): Promise<readonly BrokenRule[]>
  /**
   * Point-in-time join: for each spine row and view, the row of its key with the newest event time, of those with
   * `event_time <= t` and `known_at <= t + arrives`; of equal times the latest known. It counts when
   * `t - event_time <= ttl`. All bounds are inclusive. Null stays null and never reaches back. Absent values are NaN.
   *
   * A date as `t` means its end: events of that day count, and what was delivered by midnight. A correction replaces
   * all that its date had, from when it is known. A feature with `lag: 1` has the value that the same entity had in the
   * snapshot one month end before.
   *
   * A table spine comes sorted by key; a row spine keeps its order.
   */
  pointInTimeJoin(
    request: History & {
      readonly spine: Spine
      readonly features: FeatureSpec
      readonly views: readonly ViewSource[]
      /** Drops `known_at <= t + arrives`: what other stores do, and a leak wherever data come late. */
      readonly eventTimeOnly?: boolean
    },
  ): Promise<Joined>
  /**
   * For every key the newest row of a view that is visible at `at` (UTC microseconds), by the same rule: what an online
   * store holds then. Its ttl is left to the reader. `only`: just the rows of versions and pushes with these ids.
   */
  newest(
    request: History & {
      readonly view: ViewSource
      readonly features: FeatureSpec
      readonly at: number
      readonly only?: ReadonlySet<string>
    },
  ): Promise<NewestRows>
  /** All rows of one table as it is stored, sorted by key. */
  read(table: TableFile, key: string, features: FeatureSpec): Promise<Frame>
  /** What the table holds, column by column. Made once and kept; a kept one that cannot be read is made again. */
  profile(table: TableFile): Promise<TableProfile>
  close(): Promise<void>
}
