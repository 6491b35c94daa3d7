import type { AsOf } from '../domain/as-of.ts'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Frame } from '../domain/frame.ts'

export interface OnlineVector {
  /** Values in the order of the spec that was asked for; NaN is null. */
  readonly values: Float64Array
  /** Oldest as_of among the views that were read. */
  readonly asOf: AsOf
}

/** The newest values of each entity, read in microseconds without a database server. */
export interface OnlineStore {
  /**
   * Writes one view of one snapshot in one transaction: a reader sees all of it or nothing. Values that are newer (by
   * as_of, then by known_at) than what is offered stay. A correction withdraws the entities of its as_of that it leaves
   * out. Under another definition of the view it starts anew. Returns how many entities changed.
   */
  materialize(view: string, rows: Frame, at: { readonly asOf: AsOf; readonly knownAt: string }): Promise<number>
  /**
   * Null when any view of the spec has nothing for this entity. Throws `online_store_outdated` when a view was written
   * under another definition of what is asked. Synchronous: a memory-mapped read.
   */
  read(key: string, spec: FeatureSpec): OnlineVector | null
  /** Number of entities of a view. */
  count(view: string): number
  close(): Promise<void>
}
