import type { AsOf } from '../domain/as-of.ts'

/** An immutable Parquet file, named by the sha256 of its bytes. */
export interface TableFile {
  readonly sha256: string
  readonly bytes: number
  readonly rows: number
}

/** One committed version of one snapshot: what was true at the end of `asOf`, known since `knownAt`. */
export interface Snapshot {
  /** First 16 hex digits of sha256 over as_of, version and content. */
  readonly id: string
  readonly asOf: AsOf
  /** 1 for the first delivery, then one more for each correction. */
  readonly version: number
  /** ISO 8601 with microseconds, UTC, by the database's clock. */
  readonly knownAt: string
  /** True when `knownAt` was set by the backfill rule (as_of + arrives) and not observed. */
  readonly assumed: boolean
  /** sha256 over the delivered bytes of every source, in order of name. */
  readonly contentHash: string
  /** Number of entities: rows of the listing source, or without one of the file that has most. */
  readonly rows: number
  readonly tables: Readonly<Record<string, TableFile>>
}

/** The catalogue of snapshots. Nothing in it is ever overwritten. */
export interface Snapshots {
  /** The catalogue's clock: ISO 8601 with microseconds, UTC. */
  now(): Promise<string>
  /** Every version, by as_of and then version. */
  list(): Promise<readonly Snapshot[]>
  /** Newest version of a date, or null. */
  latest(asOf: AsOf): Promise<Snapshot | null>
  /**
   * Commits one version or nothing, in one transaction. The same content again returns the version that is there
   * (`already: true`). Other content for a known date is refused with `already_ingested_differently` unless
   * `correction` is set. Two at once: one wins, the other sees the winner.
   */
  commit(delivery: {
    readonly asOf: AsOf
    readonly contentHash: string
    readonly rows: number
    readonly tables: Readonly<Record<string, TableFile>>
    readonly correction: boolean
    /** Declared delay of the backfill rule, in ms. */
    readonly arrivesMs: number
  }): Promise<{ readonly snapshot: Snapshot; readonly already: boolean }>
}
