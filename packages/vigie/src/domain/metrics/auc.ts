import { checkScores, undefinedMetric } from './outcomes.ts'
import { type Curve, curveOf } from './ranking.ts'

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting half.
 * 0.5 is chance, 1 is perfect. Scores may be on any scale.
 */
export function areaUnderCurve({ hits, alarms }: Curve): number {
  let area = 0
  let hitsBefore = 0
  let alarmsBefore = 0
  for (let t = 0; t < hits.length; t++) {
    area += ((alarms[t]! - alarmsBefore) * (hits[t]! + hitsBefore)) / 2
    hitsBefore = hits[t]!
    alarmsBefore = alarms[t]!
  }
  return area / (hitsBefore * alarmsBefore)
}

/** AUC of labels (0 or 1) and scores without weights. Throws `metric_undefined` unless both classes are there. */
export function auc(y: Float64Array, score: Float64Array): number {
  const { positives, negatives } = checkScores(y, score)
  if (positives === 0 || negatives === 0) {
    undefinedMetric('auc', 'AUC needs rows of both classes', `${positives} positives, ${negatives} negatives`)
  }
  return areaUnderCurve(curveOf(score, (row) => y[row] === 1, null))
}
