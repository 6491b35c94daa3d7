import type { EvaluationCurves, ReliabilityBin } from '../../domain/evaluation/evaluation-curves.ts'
import type { MetricIntervals } from '../../domain/evaluation/metric-intervals.ts'
import type { PairedIntervals } from '../../domain/evaluation/paired-intervals.ts'
import type { TargetKind } from '../../domain/policy.ts'

/** How good one model is, and the other, and how much better the first. */
export interface Evaluated {
  readonly rows: number
  /** Rows of class 1; null unless there are two classes. */
  readonly positives: number | null
  readonly metrics: MetricIntervals
  readonly against?: { readonly metrics: MetricIntervals }
  readonly paired?: PairedIntervals
}

export interface EvaluatedSlice extends Evaluated {
  readonly column: string
  readonly value: string
}

/** Everything that `vigie evaluate` says of a file. The document of `--json` is this without `curves`. */
export interface EvaluationReport extends Evaluated {
  readonly file: string
  readonly task: TargetKind
  readonly columns: {
    readonly label: string
    readonly score: readonly string[]
    readonly against: readonly string[]
    readonly weight: string | null
    readonly entity: string | null
  }
  /** Binary: the negative, then the positive; classes: in the order of the score columns. */
  readonly classes: readonly string[]
  /** Binary: class 1 is a score above it. */
  readonly threshold: number | null
  readonly entities: number
  /** What was not said and so taken, one sentence each. */
  readonly taken: readonly string[]
  readonly slices?: readonly EvaluatedSlice[]
  /** Binary: bins of the calibration error. */
  readonly reliability?: readonly ReliabilityBin[] | null
  /** Null when nothing is drawn. */
  readonly curves: EvaluationCurves | null
  /** Program and version. */
  readonly generatedBy: string
}
