import { fillZeros, shares } from './binning.ts'

/**
 * Kullback-Leibler divergence of the reference from the current shares, in nats: `sum r ln(r / c)` (scipy's `entropy`,
 * which brings both to a sum of 1). Empty bins are filled as Evidently fills them.
 */
export function kullbackLeibler(reference: Float64Array, current: Float64Array): number {
  const r = shares(fillZeros(reference))
  const c = shares(fillZeros(current))
  let divergence = 0
  for (let i = 0; i < r.length; i++) divergence += r[i]! * Math.log(r[i]! / c[i]!)
  return divergence
}
