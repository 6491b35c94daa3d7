import { classWeights, type Ranking } from './ranking.ts'

/**
 * Share of all positives that are among the `share` of rows with the highest scores (the gain); rows that tie at its edge
 * count in part. Divided by `share` it is the lift: how many times the base rate the top holds.
 */
export function rankedGain(ranking: Ranking, counts: Float64Array, share: number): number {
  const { positive, weight, group, last } = ranking
  const [positives, negatives] = classWeights(ranking, counts)
  let room = share * (positives + negatives)
  let hits = 0
  let tiedPositives = 0
  let tied = 0
  for (let k = 0; k < positive.length && room > 0; k++) {
    const w = weight[k]! * counts[group[k]!]!
    tied += w
    if (positive[k] === 1) tiedPositives += w
    if (last[k] === 1 && tied > 0) {
      hits += tiedPositives * Math.min(1, room / tied)
      room -= tied
      tied = 0
      tiedPositives = 0
    }
  }
  return hits / positives
}
