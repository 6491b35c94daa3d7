import { checkScores, undefinedMetric } from './outcomes.ts'
import { type Ranking, rankingOf } from './ranking.ts'

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting half.
 * 0.5 is chance, 1 is perfect. Scores may be on any scale; rows count by their weights.
 */
export function rankedAuc({ positive, weight, group, last }: Ranking, counts: Float64Array): number {
  let area = 0
  let above = 0 // positives with a higher score
  let negatives = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  for (let k = 0; k < positive.length; k++) {
    const w = weight[k]! * counts[group[k]!]!
    if (positive[k] === 1) tiedPositives += w
    else tiedNegatives += w
    if (last[k] === 1) {
      area += tiedNegatives * (above + tiedPositives / 2)
      above += tiedPositives
      negatives += tiedNegatives
      tiedPositives = 0
      tiedNegatives = 0
    }
  }
  return area / (above * negatives)
}

/** AUC of labels (0 or 1) and scores without weights. Throws `metric_undefined` unless both classes are there. */
export function auc(y: Float64Array, score: Float64Array): number {
  const { positives, negatives } = checkScores(y, score)
  if (positives === 0 || negatives === 0) {
    undefinedMetric('auc', 'AUC needs rows of both classes', `${positives} positives, ${negatives} negatives`)
  }
  const ranking = rankingOf(score, (row) => y[row] === 1, null, new Int32Array(y.length))
  return rankedAuc(ranking, Float64Array.of(1))
}
