import type { AsOf } from '../domain/as-of.ts'
import type { Reason } from '../domain/promotion/decision.ts'
import type { Champion } from '../ports/registry.ts'
import type { DecideResult } from './decide.ts'
import type { EvaluateResult } from './evaluate.ts'
import type { IngestResult } from './ingest.ts'
import type { MaterializeResult } from './materialize.ts'
import type { MonitorResult } from './monitor.ts'
import type { Rejection } from './outcome.ts'
import type { TrainResult } from './train.ts'

/** What each stage reports when it is done. */
export interface StageResults {
  readonly ingest: IngestResult | { readonly rejected: Rejection }
  readonly materialize: MaterializeResult
  readonly monitor: MonitorResult
  readonly train: TrainResult | { readonly held: Reason }
  readonly evaluate: EvaluateResult
  readonly decide: DecideResult
  readonly promote: Champion | { readonly held: Reason }
}

export type Stage = keyof StageResults

export type LoopEvent =
  | { readonly kind: 'started'; readonly asOf: AsOf; readonly stage: Stage }
  | { readonly kind: 'progress'; readonly asOf: AsOf; readonly stage: Stage; readonly share: number }
  | {
      [S in Stage]: {
        readonly kind: 'done'
        readonly asOf: AsOf
        readonly stage: S
        readonly result: StageResults[S]
        /** Null when an earlier run of the same flow had done it. */
        readonly seconds: number | null
      }
    }[Stage]

/** Told what the loop does, as it does it. For people to watch; nothing depends on it. */
export type Watcher = (event: LoopEvent) => void
