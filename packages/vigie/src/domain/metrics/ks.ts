import { classWeights, type Ranking } from './ranking.ts'

/**
 * Kolmogorov and Smirnov's distance between the scores of the two classes: the largest difference of true and false
 * positive rate over all thresholds. 0 when the classes score alike, 1 when they are apart.
 */
export function rankedKs(ranking: Ranking, counts: Float64Array): number {
  const { positive, weight, group, last } = ranking
  const [positives, negatives] = classWeights(ranking, counts)
  if (positives === 0 || negatives === 0) return Number.NaN
  let hits = 0
  let alarms = 0
  let largest = 0
  for (let k = 0; k < positive.length; k++) {
    const w = weight[k]! * counts[group[k]!]!
    if (positive[k] === 1) hits += w
    else alarms += w
    if (last[k] === 1) largest = Math.max(largest, Math.abs(hits / positives - alarms / negatives))
  }
  return largest
}
