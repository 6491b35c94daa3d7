import { checkScores, undefinedMetric } from './outcomes.ts'

/**
 * F1 of class 1: `2 TP / (2 TP + FP + FN)`, where a row is flagged when its score is above the threshold.
 * 0 when nothing true is flagged. Throws `metric_undefined` when nothing is flagged and nothing is true.
 */
export function f1(y: Float64Array, score: Float64Array, threshold: number): number {
  const { positives } = checkScores(y, score)
  let flagged = 0
  let hits = 0
  for (let i = 0; i < y.length; i++) {
    if (score[i]! > threshold) {
      flagged++
      hits += y[i]!
    }
  }
  if (flagged + positives === 0) {
    undefinedMetric('f1', 'F1 needs a positive row or a flagged one', `0 positives, none of ${y.length} rows flagged`)
  }
  return (2 * hits) / (flagged + positives)
}
