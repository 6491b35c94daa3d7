import { tQuantile } from '../distributions/student-t.ts'

/** An estimate and how far it may be off. */
export interface Inference {
  readonly estimate: number
  /** Standard error. 0 when the rows show no variation at all, and then there is no test. */
  readonly se: number
  /** Degrees of freedom of the t reference; null exactly when `se` is 0. */
  readonly df: number | null
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Two-sided interval by the t reference. Without variation it is the estimate itself. */
export function interval(inference: Inference, confidence = 0.95): Interval {
  const alpha = (1 - confidence) / 2
  const low = lowerBound(inference, alpha)
  return { low, high: 2 * inference.estimate - low }
}

/** One-sided lower bound `estimate - t(1 - alpha, df) * se`: the truth lies below it with probability `alpha`. */
export function lowerBound({ estimate, se, df }: Inference, alpha: number): number {
  return df === null ? estimate : estimate - tQuantile(1 - alpha, df) * se
}
