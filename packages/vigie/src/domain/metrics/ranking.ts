import { descendingOrder } from './order.ts'

/** Rows of two classes by descending score, laid out so that a resample is one pass through memory in order. */
export interface Ranking {
  /** 1 for a positive. */
  readonly positive: Uint8Array
  readonly weight: Float64Array
  /** Number of the group that each row is drawn with. */
  readonly group: Int32Array
  /** 1 on the last of rows with equal scores: only there is a threshold. */
  readonly last: Uint8Array
}

/** Ranks rows by `score(row)`; `positive(row)` says which are of class 1. Ties are taken together. */
export function rankingOf(
  scores: Float64Array,
  positive: (row: number) => boolean,
  weights: Float64Array | null | undefined,
  groups: Int32Array,
): Ranking {
  const n = scores.length
  const order = descendingOrder(scores)
  const ranking = {
    positive: new Uint8Array(n),
    weight: new Float64Array(n).fill(1),
    group: new Int32Array(n),
    last: new Uint8Array(n),
  }
  for (let k = 0; k < n; k++) {
    const row = order[k]!
    ranking.positive[k] = positive(row) ? 1 : 0
    if (weights) ranking.weight[k] = weights[row]!
    ranking.group[k] = groups[row]!
    ranking.last[k] = k === n - 1 || scores[order[k + 1]!] !== scores[row] ? 1 : 0
  }
  return ranking
}

/** Metric of ranked rows when each group counts so many times; NaN when it has no value. */
export type RankedMetric = (ranking: Ranking, counts: Float64Array) => number

/** Weight of the positives and of the negatives. */
export function classWeights({ positive, weight, group }: Ranking, counts: Float64Array): [number, number] {
  let positives = 0
  let negatives = 0
  for (let k = 0; k < positive.length; k++) {
    const w = weight[k]! * counts[group[k]!]!
    if (positive[k] === 1) positives += w
    else negatives += w
  }
  return [positives, negatives]
}
