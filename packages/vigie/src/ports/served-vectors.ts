import type { FeatureStatus } from '../domain/feature-status.ts'
import type { OnlineRequest, OnlineVector } from './online-store.ts'

/** What a model was given for one prediction. */
export interface Served {
  readonly key: string
  /** The clock that was given to the read: microseconds since 1970. */
  readonly at: number
  /** `OnlineStore.stamp()` of the same turn. */
  readonly stamp: number
  readonly vector: Pick<OnlineVector, 'values' | 'statuses'>
}

/** Vectors that were read in the same way. */
export interface ServedBatch {
  readonly request: OnlineRequest
  readonly rows: readonly (Omit<Served, 'vector'> & {
    readonly values: Float64Array
    readonly statuses: readonly FeatureStatus[]
  })[]
}

/** The vectors that predictions were made from, for the proof that the offline history says the same. */
export interface ServedVectors {
  /** Keeps a vector soon. Never waits and never fails: what cannot be kept is dropped and counted. */
  append(request: OnlineRequest, served: Served): void
  /** Vectors that were dropped by this program. */
  dropped(): number
  /** Resolves when everything that was appended is written or dropped. */
  flush(): Promise<void>
  /** The newest vectors of all programs that are on disk, at most `limit`, in batches of one request each. */
  newest(limit: number): AsyncIterable<ServedBatch>
  close(): Promise<void>
}
