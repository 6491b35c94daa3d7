import type { AsOf } from '../domain/as-of.ts'
import type { DriftReport } from '../domain/drift/report.ts'
import type { Outcome, Reason } from '../domain/promotion/decision.ts'
import type { RetrainDecision } from '../domain/retrain.ts'

/** Why a delivery was not taken. */
export interface Rejection {
  readonly code: string
  readonly message: string
  readonly rule: string | null
  readonly value: string | null
  readonly file: string | null
  readonly line: number | null
  readonly hint: string
  /** True when it is kept back, and taken as it is once somebody approves it. */
  readonly held: boolean
  /** Path of the validation report; null when the files were not looked at. */
  readonly report: string | null
}

/** Challenger and champion on the same held-out rows. */
export interface Comparison {
  readonly metric: string
  readonly candidate: { readonly version: number; readonly value: number }
  readonly champion: { readonly version: number; readonly value: number } | null
  /** 95 % two-sided. */
  readonly gain: {
    readonly estimate: number
    readonly low: number
    readonly high: number
    readonly method: string
  } | null
  readonly rows: number
}

/** What one turn of the loop did, for one date. */
export interface MonthOutcome {
  readonly asOf: AsOf
  readonly ingest: { readonly rows: number; readonly snapshot: string } | { readonly rejected: Rejection }
  readonly drift:
    | (Pick<DriftReport, 'share' | 'referenceShare'> & {
        readonly features: readonly {
          readonly name: string
          readonly test: string
          readonly score: number
          readonly threshold: number
          readonly drifted: boolean
        }[]
        readonly notTestable: DriftReport['notTestable']
      })
    | null
  readonly targetDrift: number | null
  readonly retrain: RetrainDecision
  readonly comparison: Comparison | null
  readonly decision: { readonly outcome: Outcome; readonly reasons: readonly Reason[] } | null
}
