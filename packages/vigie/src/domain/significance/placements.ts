import { checkScores, undefinedMetric } from '../metrics/outcomes.ts'
import { midranks } from '../midranks.ts'

/** The AUC of one score, and each row's share in it. */
export interface Placements {
  readonly auc: number
  /**
   * A positive's value is the share of negatives below it, a negative's the share of positives above it, ties counting
   * half. The mean over either class is the AUC.
   */
  readonly values: Float64Array
  readonly positives: number
  readonly negatives: number
}

/**
 * DeLong's structural components by midranks, O(n log n) (Sun and Xu 2014, IEEE SPL 21:1389):
 * `(R - Rpos) / n0` for positives and `1 - (R - Rneg) / n1` for negatives, where R is the rank among all rows and
 * Rpos, Rneg the rank within the class. Throws `metric_undefined` unless both classes are there.
 */
export function placements(y: Float64Array, score: Float64Array): Placements {
  const { positives, negatives } = checkScores(y, score)
  if (positives === 0 || negatives === 0) {
    undefinedMetric('auc', 'AUC needs rows of both classes', `${positives} positives, ${negatives} negatives`)
  }
  const among = midranks(score)
  const within = [midranks(score.filter((_, i) => y[i] === 0)), midranks(score.filter((_, i) => y[i] === 1))]
  const seen = [0, 0]
  const values = new Float64Array(y.length)
  let sum = 0
  for (let i = 0; i < y.length; i++) {
    const label = y[i]!
    const beaten = among[i]! - within[label]![seen[label]!++]!
    values[i] = label === 1 ? beaten / negatives : 1 - beaten / positives
    if (label === 1) sum += values[i]!
  }
  return { auc: sum / positives, values, positives, negatives }
}
