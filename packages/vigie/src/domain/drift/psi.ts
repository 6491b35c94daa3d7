import { fillZeros } from './binning.ts'

/**
 * Population stability index of two sets of shares over the same bins: sum of (r - c) ln(r / c). Symmetric, 0 for
 * equal shares. Empty bins are filled as Evidently fills them, because the logarithm of 0 has no value.
 *
 * `[0.5, 0.5]` against `[0.6, 0.4]` is 0.0405; from 0.1 on it counts as drift.
 */
export function psi(reference: Float64Array, current: Float64Array): number {
  const r = fillZeros(reference)
  const c = fillZeros(current)
  let index = 0
  for (let i = 0; i < r.length; i++) index += (r[i]! - c[i]!) * Math.log(r[i]! / c[i]!)
  return index
}
