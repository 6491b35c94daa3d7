import { VigieError } from '../../errors.ts'
import { notAScore } from './answers.ts'

export interface ClassCounts {
  readonly positives: number
  readonly negatives: number
}

/**
 * Counts the classes of `y` (0 or 1 a row) and refuses what no metric is defined on: no rows, another length, another
 * label, a score that is not a finite number.
 */
export function checkScores(y: Float64Array, score: Float64Array): ClassCounts {
  const n = y.length
  if (n === 0 || score.length !== n) {
    throw new VigieError('internal', `a metric needs one score a row, and rows: ${n} labels, ${score.length} scores`)
  }
  let positives = 0
  for (let i = 0; i < n; i++) {
    const label = y[i]!
    if (label !== 0 && label !== 1) throw new VigieError('internal', `label ${label} in row ${i} is neither 0 nor 1`)
    if (!Number.isFinite(score[i])) notAScore(score[i]!, i, 'a score is a finite number')
    positives += label
  }
  return { positives, negatives: n - positives }
}

/** Throws `metric_undefined`: there is no number to give, and neither 0 nor 0.5 would be one. */
export function undefinedMetric(metric: string, rule: string, value: string): never {
  throw new VigieError('metric_undefined', `${metric} is undefined: ${value}`, { rule, value })
}
