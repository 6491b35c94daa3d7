import { checkScores, undefinedMetric } from '../metrics/outcomes.ts'

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
 * DeLong's structural components, O(n log n): Sun and Xu's (2014, IEEE SPL 21:1389) midranks `(R - Rpos) / n0` and
 * `1 - (R - Rneg) / n1`, whose differences of ranks are counted here as the rows of the other class below, ties half.
 *
 * Scores are sorted as numbers and each row is then found among them: a sort without a comparator and a search take a
 * fifth of the time of sorting row numbers. Throws `metric_undefined` unless both classes are there.
 */
export function placements(y: Float64Array, score: Float64Array): Placements {
  const { positives, negatives } = checkScores(y, score)
  if (positives === 0 || negatives === 0) {
    undefinedMetric('auc', 'AUC needs rows of both classes', `${positives} positives, ${negatives} negatives`)
  }
  const n = y.length
  const sorted = score.slice().sort()
  const place = placesIn(sorted, score)
  // Rows of both classes at each place; a place is the first position of a value, so tied rows share it.
  const rows = new Int32Array(n)
  const ones = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    rows[place[i]!]!++
    if (y[i] === 1) ones[place[i]!]!++
  }
  const onesBelow = new Int32Array(n)
  for (let at = 0, below = 0; at < n; at += rows[at]!) {
    onesBelow[at] = below
    below += ones[at]!
  }
  const values = new Float64Array(n)
  let sum = 0
  for (let i = 0; i < n; i++) {
    const at = place[i]!
    const onesTied = ones[at]!
    if (y[i] === 1) {
      values[i] = (at - onesBelow[at]! + (rows[at]! - onesTied) / 2) / negatives
      sum += values[i]!
    } else {
      values[i] = 1 - (onesBelow[at]! + onesTied / 2) / positives
    }
  }
  return { auc: sum / positives, values, positives, negatives }
}

/** For each value its first position among the sorted ones. 0 and -0 are equal and share one. */
function placesIn(sorted: Float64Array, values: Float64Array): Int32Array {
  const n = sorted.length
  const places = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    const value = values[i]!
    let low = 0
    let high = n - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[middle]! < value) low = middle + 1
      else high = middle
    }
    places[i] = low
  }
  return places
}
