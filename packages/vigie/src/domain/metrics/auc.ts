import { midranks } from '../midranks.ts'
import { checkScores, undefinedMetric } from './outcomes.ts'

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting half
 * (Mann-Whitney's U over midranks). 0.5 is chance, 1 is perfect. Scores may be on any scale.
 * Throws `metric_undefined` unless both classes are there.
 */
export function auc(y: Float64Array, score: Float64Array): number {
  const { positives, negatives } = checkScores(y, score)
  if (positives === 0 || negatives === 0) {
    undefinedMetric('auc', 'AUC needs rows of both classes', `${positives} positives, ${negatives} negatives`)
  }
  const ranks = midranks(score)
  let rankSum = 0
  for (let i = 0; i < y.length; i++) rankSum += ranks[i]! * y[i]!
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
