import type { Answers } from '../metrics/answers.ts'

/** What a model's own threshold does. Shares are null where they have no denominator. */
export interface AtThreshold {
  readonly threshold: number
  /** Rows above it. */
  readonly flagged: number
  /** Of the flagged rows the share that is of class 1. */
  readonly precision: number | null
  /** Of the rows of class 1 the share that is flagged. */
  readonly recall: number | null
}

/** Counts rows: weights are of training and of metrics, and here it is asked how many cases there would be. */
export function atThreshold({ y, scores }: Answers, threshold: number): AtThreshold {
  let [flagged, hits, positives] = [0, 0, 0]
  for (let i = 0; i < y.length; i++) {
    if (y[i] === 1) positives++
    if (scores[i]! <= threshold) continue
    flagged++
    if (y[i] === 1) hits++
  }
  return {
    threshold,
    flagged,
    precision: flagged === 0 ? null : hits / flagged,
    recall: positives === 0 ? null : hits / positives,
  }
}
