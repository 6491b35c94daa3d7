import type { AsOf } from '../domain/as-of.ts'
import type { SourceContract } from '../domain/contract.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'
import type { Snapshot, TableFile } from './snapshots.ts'

/** For which entities, at which time, features are asked. */
export type Spine =
  /** Every row of a stored table, seen at the end of one date. `label` names a boolean column to bring along. */
  | {
      readonly kind: 'table'
      readonly table: TableFile
      readonly key: string
      readonly at: AsOf
      readonly label?: string
    }
  /** Any keys at any dates. Duplicates are kept. */
  | { readonly kind: 'rows'; readonly keys: readonly string[]; readonly at: readonly AsOf[] }

/** Where one view's values come from and how old they may be. */
export interface ViewSource {
  readonly view: string
  readonly from: string
  readonly key: string
  readonly ttlMs: number | null
  readonly arrivesMs: number
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
   * when they are missing from `listed`.
   */
  checkKeys(table: TableFile, source: string, key: string, listed: TableFile | null): Promise<void>
  /**
   * Point-in-time join: for each spine row and view, the newest value with `as_of <= t` and `known_at <= t + arrives`
   * (ties: the latest known). Null stays null and never reaches back. Absent values are NaN. A table spine comes
   * sorted by key; a row spine keeps its order.
   */
  pointInTimeJoin(request: {
    readonly spine: Spine
    readonly features: FeatureSpec
    readonly views: readonly ViewSource[]
    readonly snapshots: readonly Snapshot[]
  }): Promise<Frame>
  /** All rows of one table as it is stored, sorted by key. */
  read(table: TableFile, key: string, features: FeatureSpec): Promise<Frame>
  close(): Promise<void>
}
