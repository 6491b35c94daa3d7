import { greatestCommonDivisor } from './common-divisor.ts'
import { kolmogorovSurvival } from './kolmogorov-distribution.ts'

/** Above this many rows on either side the exact count of paths gives way to the limiting distribution, as in scipy. */
const MOST_ROWS_EXACT = 10_000

/**
 * Two-sided two-sample Kolmogorov-Smirnov test of two ascending samples, with scipy's `method='auto'`: the exact
 * p-value up to 10,000 rows a side, else the distribution of the one-sample statistic at n m / (n + m) rows.
 */
export function kolmogorovSmirnov(
  reference: Float64Array,
  current: Float64Array,
): { readonly statistic: number; readonly pValue: number } {
  const n = reference.length
  const m = current.length
  const divisor = greatestCommonDivisor(n, m)
  const distance = largestGap(reference, current, n / divisor, m / divisor)
  const statistic = distance / ((n / divisor) * m)
  const pValue =
    Math.max(n, m) <= MOST_ROWS_EXACT
      ? probabilityOutside(n, m, divisor, distance)
      : kolmogorovSurvival(Math.round((n * m) / (n + m)), statistic)
  return { statistic, pValue }
}

/**
 * Largest distance between the two empirical distribution functions, as a whole number of steps of 1 / lcm(n, m):
 * integers compare without rounding.
 */
function largestGap(reference: Float64Array, current: Float64Array, stepN: number, stepM: number): number {
  const n = reference.length
  const m = current.length
  let i = 0
  let j = 0
  let largest = 0
  while (i < n && j < m) {
    const value = Math.min(reference[i]!, current[j]!)
    while (reference[i] === value) i++
    while (current[j] === value) j++
    largest = Math.max(largest, Math.abs(i * stepM - j * stepN))
  }
  return largest
}

/**
 * Share of the orders of n and m values whose largest gap is at least `distance` steps (Hodges 1957): the share of
 * lattice paths from (0, 0) to (m, n) that touch one of two lines. Counting what leaves, not what stays, adds only
 * positive numbers, so small p-values keep their digits. Time n m, memory min(n, m).
 */
function probabilityOutside(n: number, m: number, divisor: number, distance: number): number {
  if (distance === 0) return 1
  const long = Math.max(n, m)
  const short = Math.min(n, m)
  const longStep = long / divisor
  const shortStep = short / divisor
  // outside[j]: share of the paths to (i, j) that have touched a line. It is 1 at and beyond the lines.
  const outside = new Float64Array(short + 1).fill(1)
  outside.fill(0, 0, Math.min(Math.ceil(distance / longStep), short + 1))
  let first = 0
  for (let i = 1; i <= long; i++) {
    const lowest = Math.max(Math.floor((i * shortStep - distance) / longStep) + 1, 0)
    const end = Math.min(Math.ceil((i * shortStep + distance) / longStep), short + 1)
    if (end <= lowest) return 1
    outside.fill(1, first, lowest)
    first = lowest
    let below = lowest > 0 ? 1 : 0
    for (let j = lowest; j < end; j++) {
      below = (outside[j]! * i + below * j) / (i + j)
      outside[j] = below
    }
  }
  return outside[short]!
}
