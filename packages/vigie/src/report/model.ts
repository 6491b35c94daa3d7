import type { AsOf } from '../domain/as-of.ts'
import type { DriftReport } from '../domain/drift/report.ts'
import type { MetricName } from '../domain/policy.ts'
import type { RetrainDecision } from '../domain/retrain.ts'

/** The champion on rows that no version is trained on. */
export interface ReportedPerformance {
  readonly metric: MetricName
  readonly version: number
  readonly rows: number
  /** When it became champion; null when that is not recorded. */
  readonly was: number | null
  /** With the labels of the current date; 95 % two-sided. */
  readonly now: { readonly value: number; readonly low: number; readonly high: number }
}

/** Everything that the monitor's report says. Both forms are made from this alone. */
export interface MonitorReport {
  readonly project: string
  readonly model: string
  readonly reference: { readonly asOf: AsOf; readonly rows: number }
  readonly current: { readonly asOf: AsOf; readonly rows: number }
  readonly drift: DriftReport
  /** Null without a champion, or without labels newer than its training. */
  readonly performance: ReportedPerformance | null
  /** Why there is no performance; null when there is. */
  readonly unmeasured: string | null
  readonly retrain: RetrainDecision
  /** Program and version. */
  readonly generatedBy: string
}
