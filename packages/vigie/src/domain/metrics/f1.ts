import type { Additive } from './additive.ts'
import { type Answers, likeliest, widthOf } from './answers.ts'

/**
 * F1 of class 1: `2 TP / (2 TP + FP + FN)`, where a row is flagged when its score is above the threshold. 0 when nothing
 * true is flagged; no value when nothing is flagged and nothing is true.
 */
export function binaryF1({ y, scores, threshold = 0.5 }: Answers): Additive {
  return {
    width: 2,
    add(row, weight, sums, at) {
      const flagged = scores[row]! > threshold ? 1 : 0
      sums[at]! += weight * (y[row]! + flagged)
      sums[at + 1]! += weight * y[row]! * flagged
    },
    value: (totals) => (2 * totals[1]!) / totals[0]!,
    gradient: (totals) => Float64Array.of((-2 * totals[1]!) / totals[0]! ** 2, 2 / totals[0]!),
  }
}

/** Mean of the F1 of each class against the others, over the classes that occur or are answered (macro F1). */
export function macroF1(answers: Answers): Additive {
  const { y, scores } = answers
  const classes = widthOf(answers)
  const occurring = (totals: Float64Array) => {
    let count = 0
    for (let k = 0; k < classes; k++) if (totals[2 * k]! > 0) count++
    return count
  }
  return {
    width: 2 * classes,
    add(row, weight, sums, at) {
      const answered = likeliest(scores, row, classes)
      sums[at + 2 * y[row]!]! += weight
      sums[at + 2 * answered]! += weight
      if (answered === y[row]) sums[at + 2 * answered + 1]! += weight
    },
    value(totals) {
      let sum = 0
      for (let k = 0; k < classes; k++) if (totals[2 * k]! > 0) sum += (2 * totals[2 * k + 1]!) / totals[2 * k]!
      return sum / occurring(totals)
    },
    gradient(totals) {
      const slope = new Float64Array(2 * classes)
      const count = occurring(totals)
      for (let k = 0; k < classes; k++) {
        if (totals[2 * k]! === 0) continue
        slope[2 * k] = (-2 * totals[2 * k + 1]!) / totals[2 * k]! ** 2 / count
        slope[2 * k + 1] = 2 / totals[2 * k]! / count
      }
      return slope
    },
  }
}
