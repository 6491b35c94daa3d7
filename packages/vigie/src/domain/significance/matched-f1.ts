import { checkScores, undefinedMetric } from '../metrics/outcomes.ts'
import { clusteredMean } from './clustered-mean.ts'
import type { Inference } from './inference.ts'

export interface PairedF1 {
  readonly champion: number
  readonly challenger: number
  /** Challenger minus champion. */
  readonly gain: Inference
}

/**
 * F1 of two models that flag the same number of rows: each its `flagged` highest scores, ties by row order. At a fixed
 * threshold a well calibrated model flags few rows of a rare class and loses to one that flags at random; at a matched
 * count the better ranking wins.
 */
export function matchedF1(
  y: Float64Array,
  champion: Float64Array,
  challenger: Float64Array,
  flagged: number,
  entities: Int32Array,
): PairedF1 {
  checkScores(y, champion)
  checkScores(y, challenger)
  const before = f1WithInfluence(y, highest(champion, flagged))
  const after = f1WithInfluence(y, highest(challenger, flagged))
  const { se, df } = clusteredMean(
    after.influence.map((value, i) => value - before.influence[i]!),
    entities,
  )
  return { champion: before.f1, challenger: after.f1, gain: { estimate: after.f1 - before.f1, se, df } }
}

/** 1 for the `count` highest scores, 0 for the others. Of equal scores the first rows are taken. */
function highest(score: Float64Array, count: number): Float64Array {
  const order = Int32Array.from(score, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b)
  const flags = new Float64Array(score.length)
  for (const row of order.subarray(0, count)) flags[row] = 1
  return flags
}

/**
 * `F = 2 TP / (2 TP + FP + FN)` for flags q, and each row's influence on it by the delta method,
 * `n (2 y q - F (y + q)) / (sum q + sum y)`, whose mean is 0.
 */
function f1WithInfluence(y: Float64Array, flag: Float64Array): { f1: number; influence: Float64Array } {
  let hits = 0
  let total = 0
  for (let i = 0; i < y.length; i++) {
    hits += y[i]! * flag[i]!
    total += y[i]! + flag[i]!
  }
  if (total === 0) undefinedMetric('f1', 'F1 needs a positive row or a flagged one', 'neither')
  const f1 = (2 * hits) / total
  const influence = y.map((label, i) => (y.length * (2 * label * flag[i]! - f1 * (label + flag[i]!))) / total)
  return { f1, influence }
}
