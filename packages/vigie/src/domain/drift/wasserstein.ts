import { standardDeviation } from './moments.ts'

/** A reference that hardly varies would make every distance huge: its standard deviation counts as at least this. */
const SMALLEST_DEVIATION = 0.001

/**
 * Wasserstein-1 (earth mover's) distance of two ascending samples: the area between their empirical distribution
 * functions, in the unit of the values.
 *
 * `[0, 1]` against `[1, 2]` is 1: everything moves by one.
 */
export function wasserstein(reference: Float64Array, current: Float64Array): number {
  const n = reference.length
  const m = current.length
  let i = 0
  let j = 0
  let area = 0
  let from = Math.min(reference[0]!, current[0]!)
  while (i < n || j < m) {
    const value = Math.min(reference[i] ?? Number.POSITIVE_INFINITY, current[j] ?? Number.POSITIVE_INFINITY)
    area += Math.abs(i / n - j / m) * (value - from)
    from = value
    while (reference[i] === value) i++
    while (current[j] === value) j++
  }
  return area
}

/** Wasserstein-1 distance in standard deviations of the reference: Evidently's `wasserstein`, drifted from 0.1 on. */
export function normedWasserstein(reference: Float64Array, current: Float64Array): number {
  return wasserstein(reference, current) / Math.max(standardDeviation(reference), SMALLEST_DEVIATION)
}
