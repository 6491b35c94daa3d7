import { checkProbabilities } from './outcomes.ts'

/** Brier score (Brier 1950): mean of `(p - y)^2`, from 0 to 1. Down is good. */
export function brier(y: Float64Array, p: Float64Array): number {
  checkProbabilities(y, p)
  let sum = 0
  for (let i = 0; i < y.length; i++) sum += (p[i]! - y[i]!) ** 2
  return sum / y.length
}
