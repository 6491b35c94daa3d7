import { VigieError } from '../../errors.ts'

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

/** As `checkScores`, for metrics that read the score as the probability of class 1. */
export function checkProbabilities(y: Float64Array, p: Float64Array): ClassCounts {
  const counts = checkScores(y, p)
  for (let i = 0; i < p.length; i++) {
    if (p[i]! < 0 || p[i]! > 1) notAScore(p[i]!, i, 'a probability lies between 0 and 1')
  }
  return counts
}

function notAScore(value: number, row: number, rule: string): never {
  throw new VigieError('model_invalid_output', `the model answered ${value} in row ${row}`, {
    rule,
    value: String(value),
  })
}

/** Throws `metric_undefined`: there is no number to give, and neither 0 nor 0.5 would be one. */
export function undefinedMetric(metric: string, rule: string, value: string): never {
  throw new VigieError('metric_undefined', `${metric} is undefined: ${value}`, { rule, value })
}
