import type { AsOf } from '../domain/as-of.ts'

/** An immutable Parquet file, named by the sha256 of its bytes. */
export interface TableFile {
  readonly sha256: string
  readonly bytes: number
  readonly rows: number
  /** First and last event time of an event table with rows: UTC microseconds since 1970. */
  readonly eventRange?: readonly [number, number]
}

/** Who took a delivery although rules of severity `hold` were broken, and which: codes in alphabetical order. */
export interface Approvals {
  readonly codes: readonly string[]
  readonly actor: string
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
  /** When it was really committed, by the same clock: `knownAt` unless that is assumed. */
  readonly ingestedAt: string
  /** sha256 over the delivered bytes of every source, in order of name. */
  readonly contentHash: string
  /** Number of entities: rows of the listing source, or without one of the file that has most. */
  readonly rows: number
  readonly tables: Readonly<Record<string, TableFile>>
  /** Null when no rule was broken. */
  readonly approvals: Approvals | null
}

/** Rows of one event-dated source that came by themselves, between two deliveries. */
export interface Push {
  readonly id: string
  readonly source: string
  /** ISO 8601 with microseconds, UTC, by the database's clock. */
  readonly knownAt: string
  readonly table: TableFile
}

/** The catalogue of snapshots and pushes. Nothing in it is ever overwritten. */
export interface Snapshots {
  /** The catalogue's clock: ISO 8601 with microseconds, UTC. */
  now(): Promise<string>
  /** Every version, by as_of and then version. */
  list(): Promise<readonly Snapshot[]>
  /** Newest version of a date, or null. */
  latest(asOf: AsOf): Promise<Snapshot | null>
  /**
   * Commits one version or nothing, in one transaction. The same content again returns the version that is there
   * (`already: true`), unless it is a `correction` whose bytes were read as other tables, under another definition. Other
   * content for a known date is refused with `already_ingested_differently` unless
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
    readonly approvals?: Approvals | null
  }): Promise<{ readonly snapshot: Snapshot; readonly already: boolean }>
  /** Every push, in the order in which they became known. No two are known at the same microsecond. */
  pushes(): Promise<readonly Push[]>
  /**
   * Commits rows of one source, known from now. An `id` that is there already changes nothing (`already: true`), unless
   * it was another source or content: `push_differs`.
   */
  push(rows: {
    readonly id: string
    readonly source: string
    readonly table: TableFile
  }): Promise<{ readonly push: Push; readonly already: boolean }>
}
