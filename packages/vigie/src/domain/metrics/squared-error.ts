import type { Additive } from './additive.ts'
import type { Answers } from './answers.ts'

/** Root of the mean squared error, in the unit of the number. Down is good. */
export function rootMeanSquaredError({ y, scores }: Answers): Additive {
  return {
    width: 2,
    add(row, weight, sums, at) {
      sums[at]! += weight
      sums[at + 1]! += weight * (scores[row]! - y[row]!) ** 2
    },
    value: (totals) => Math.sqrt(totals[1]! / totals[0]!),
    gradient(totals) {
      const mean = totals[1]! / totals[0]!
      const root = Math.sqrt(mean)
      return root === 0
        ? new Float64Array(2)
        : Float64Array.of(-mean / (2 * root * totals[0]!), 1 / (2 * root * totals[0]!))
    },
  }
}

/**
 * Share of the variance that the answers explain: 1 is perfect, always answering the mean is 0, and worse than that is
 * below. No value when the truth does not vary.
 */
export function explainedVariance({ y, scores, weights }: Answers): Additive {
  // Around their own mean, so that large numbers with a small spread lose no digits.
  let total = 0
  let weight = 0
  for (let i = 0; i < y.length; i++) {
    const w = weights ? weights[i]! : 1
    total += w * y[i]!
    weight += w
  }
  const centre = total / weight
  return {
    width: 4,
    add(row, w, sums, at) {
      const away = y[row]! - centre
      sums[at]! += w
      sums[at + 1]! += w * away
      sums[at + 2]! += w * away * away
      sums[at + 3]! += w * (scores[row]! - y[row]!) ** 2
    },
    value(totals) {
      const spread = totals[2]! - totals[1]! ** 2 / totals[0]!
      return spread > 0 ? 1 - totals[3]! / spread : Number.NaN
    },
    gradient(totals) {
      const mean = totals[1]! / totals[0]!
      const spread = totals[2]! - totals[1]! * mean
      const bySpread = totals[3]! / spread ** 2
      return Float64Array.of(bySpread * mean * mean, -2 * bySpread * mean, bySpread, -1 / spread)
    },
  }
}
