import type { Additive } from './additive.ts'
import { type Answers, likeliest, widthOf } from './answers.ts'

/** Bins of equal width from 0 to 1. */
export const CALIBRATION_BINS = 10

/** Number of the bin of a probability; 1 is in the last. */
export function calibrationBin(p: number, bins: number = CALIBRATION_BINS): number {
  return Math.min(Math.floor(p * bins), bins - 1)
}

/**
 * Expected calibration error: in ten bins of equal width, how far the mean probability is from the share that came true,
 * weighted by the rows of the bin. 0 is calibrated. It is biased upwards when bins hold few rows. With several classes the
 * probability is that of the likeliest class, and what comes true is that it is the right one (Guo et al. 2017).
 */
export function calibrationError(answers: Answers): Additive {
  const { kind, y, scores } = answers
  const classes = widthOf(answers)
  return {
    width: 2 * CALIBRATION_BINS,
    add(row, weight, sums, at) {
      const answered = kind === 'classes' ? likeliest(scores, row, classes) : 1
      const p = kind === 'classes' ? scores[row * classes + answered]! : scores[row]!
      const bin = at + 2 * calibrationBin(p)
      sums[bin]! += weight
      sums[bin + 1]! += weight * ((y[row] === answered ? 1 : 0) - p)
    },
    value(totals) {
      let weight = 0
      let error = 0
      for (let bin = 0; bin < totals.length; bin += 2) {
        weight += totals[bin]!
        error += Math.abs(totals[bin + 1]!)
      }
      return error / weight
    },
  }
}
