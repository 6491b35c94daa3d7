import type { TargetKind } from '../policy.ts'

/**
 * What one model lost on each row: Brier's score, summed over the classes when there are several. For numbers the squared
 * error as a share of the labels' variance, so that a limit means the same whatever the unit.
 */
export function rowLosses(kind: TargetKind, y: Float64Array, scores: Float64Array): Float64Array {
  if (kind === 'binary') return y.map((label, i) => (scores[i]! - label) ** 2)
  if (kind === 'classes') {
    const width = scores.length / y.length
    return y.map((label, i) => {
      let loss = 0
      for (let k = 0; k < width; k++) loss += (scores[i * width + k]! - (k === label ? 1 : 0)) ** 2
      return loss
    })
  }
  let mean = 0
  for (const value of y) mean += value / y.length
  let variance = 0
  for (const value of y) variance += (value - mean) ** 2 / y.length
  const scale = variance === 0 ? 1 : variance
  return y.map((label, i) => (scores[i]! - label) ** 2 / scale)
}
