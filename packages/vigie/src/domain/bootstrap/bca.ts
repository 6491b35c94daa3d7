import { normalCdf, normalQuantile } from '../distributions/normal.ts'

/** How far the replicates are off centre and skewed (Efron 1987, JASA 82:171). */
export interface Correction {
  /** Median bias, in standard deviations. */
  readonly z0: number
  /** Acceleration: how fast the standard error changes with the truth. */
  readonly a: number
}

/**
 *     z0 = Phi^-1((#(t* < t) + #(t* = t) / 2) / B), the share clipped to [1 / (B + 1), B / (B + 1)]
 *     a  = sum (J - J_i)^3 / (6 (sum (J - J_i)^2)^1.5), J_i without unit i, J their mean
 */
export function correction(estimate: number, replicates: Float64Array, leftOut: Float64Array): Correction {
  const b = replicates.length
  let below = 0
  for (const value of replicates) below += value < estimate ? 1 : value === estimate ? 0.5 : 0
  const share = Math.min(Math.max(below / b, 1 / (b + 1)), b / (b + 1))
  let mean = 0
  for (const value of leftOut) mean += value / leftOut.length
  let squares = 0
  let cubes = 0
  for (const value of leftOut) {
    squares += (mean - value) ** 2
    cubes += (mean - value) ** 3
  }
  return { z0: normalQuantile(share), a: squares === 0 ? 0 : cubes / (6 * squares ** 1.5) }
}

/** Bound that the truth is below with probability `alpha`, from ascending replicates; `1 - alpha` gives the upper one. */
export function bcaBound(replicates: Float64Array, { z0, a }: Correction, alpha: number): number {
  const z = z0 + normalQuantile(alpha)
  return quantile(replicates, normalCdf(z0 + z / (1 - a * z)))
}

/** Type 7: between the two order statistics around `(n - 1) p`. */
export function quantile(ascending: Float64Array, p: number): number {
  const at = (ascending.length - 1) * p
  const below = Math.floor(at)
  const above = Math.min(below + 1, ascending.length - 1)
  return ascending[below]! + (at - below) * (ascending[above]! - ascending[below]!)
}
