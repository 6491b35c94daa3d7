import { checkProbabilities } from './outcomes.ts'

/** Squared error of one probability. */
export function brierOfRow(y: number, p: number): number {
  return (p - y) ** 2
}

/** Brier score (Brier 1950): mean of `(p - y)^2`, from 0 to 1. Down is good. */
export function brier(y: Float64Array, p: Float64Array): number {
  checkProbabilities(y, p)
  let sum = 0
  for (let i = 0; i < y.length; i++) sum += brierOfRow(y[i]!, p[i]!)
  return sum / y.length
}
