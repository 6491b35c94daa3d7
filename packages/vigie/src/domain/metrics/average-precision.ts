import { classWeights, type Ranking } from './ranking.ts'

/**
 * Average precision: the precision at each threshold, weighted by the recall that it adds, without interpolation. Equal
 * scores are one threshold. A model that ranks at random has the base rate, a perfect one 1.
 */
export function rankedAveragePrecision(ranking: Ranking, counts: Float64Array): number {
  const { positive, weight, group, last } = ranking
  const [positives] = classWeights(ranking, counts)
  let hits = 0
  let flagged = 0
  let tiedPositives = 0
  let sum = 0
  for (let k = 0; k < positive.length; k++) {
    const w = weight[k]! * counts[group[k]!]!
    flagged += w
    if (positive[k] === 1) tiedPositives += w
    if (last[k] === 1 && tiedPositives > 0) {
      hits += tiedPositives
      sum += (tiedPositives * hits) / flagged
      tiedPositives = 0
    }
  }
  return sum / positives
}
