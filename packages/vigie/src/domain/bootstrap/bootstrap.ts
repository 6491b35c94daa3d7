import { normalQuantile } from '../distributions/normal.ts'
import { undefinedMetric } from '../metrics/outcomes.ts'
import { bcaBound, correction } from './bca.ts'
import { jackknife, replicatesOf, type Statistics } from './replicates.ts'
import type { BootstrapSeed } from './seed.ts'

export interface BootstrapOptions {
  /** One-sided level of `lower`. 0.025 when it is not given: then `lower` is `low`. */
  readonly alpha?: number
  readonly seed: BootstrapSeed
  /** Without it 2,000, or 500 above 100,000 rows. */
  readonly replicates?: number
}

export interface BootstrapInterval {
  readonly estimate: number
  /** Standard deviation of the replicates. */
  readonly se: number
  /** The truth lies below it with probability `alpha` at most. */
  readonly lower: number
  /** Two-sided 95 % interval. */
  readonly low: number
  readonly high: number
  /** Share of the resamples that gave no value and were drawn again. Above 0.01 the interval is not to be trusted. */
  readonly undefinedShare: number
  readonly replicates: number
  readonly method: string
}

const TWO_SIDED = 0.025
/** A BCa bound needs so many replicates beyond it: 2,000 serve levels from 0.005. Further out only the other form does. */
const REPLICATES_BEYOND = 10

/** How many resamples: for the standard deviation alone, which is what very many rows need, 500 are enough. */
export function replicatesFor(rows: number): number {
  return rows > 100_000 ? 500 : 2000
}

/**
 * Intervals of statistics by resampling their units. A bound is the farther out of two: Efron's BCa, and
 * `estimate - z sd(replicates)`. With few rows BCa alone promises too much (0.080 at 0.05 for average precision with 50
 * positives), and the other form mends it at hardly any cost. Where too few replicates lie beyond a bound, it is the
 * second form alone.
 *
 * `exact` are the values themselves where the statistics are thinned ones: the intervals are moved to them. Throws
 * `metric_undefined` when half of the resamples have no value.
 */
export function bootstrapAll(
  statistics: Statistics,
  units: number,
  { alpha = TWO_SIDED, seed, replicates }: BootstrapOptions & { readonly replicates: number },
  exact?: readonly number[],
): readonly BootstrapInterval[] {
  const whole = statistics(new Float64Array(units).fill(1))
  const { values, undefinedShare } = replicatesOf(statistics, units, replicates, seed)
  if (
    units < 2 ||
    whole.some(Number.isNaN) ||
    values.some(({ length }) => length < replicates) ||
    values.length === 0
  ) {
    undefinedMetric(
      'an interval',
      'an interval needs two entities of each kind, so that resamples of them have a value',
      `${values[0]?.length ?? 0} of ${replicates} resamples have one`,
    )
  }
  // Only BCa needs it, and it costs as much as a hundred resamples and more.
  const leftOut = Math.max(alpha, TWO_SIDED) * replicates < REPLICATES_BEYOND ? [] : jackknife(statistics, units)
  return whole.map((estimate, i) => {
    const ascending = values[i]!
    const se = deviation(ascending)
    const corrected = correction(estimate, ascending, leftOut[i] ?? new Float64Array(0))
    const shift = exact === undefined ? 0 : exact[i]! - estimate
    /** `side` is -1 for a lower bound, 1 for an upper one. */
    const bound = (level: number, side: -1 | 1): number => {
      const byDeviation = estimate + side * normalQuantile(1 - level) * se
      if (level * replicates < REPLICATES_BEYOND) return shift + byDeviation
      const bca = bcaBound(ascending, corrected, side === -1 ? level : 1 - level)
      return shift + (side === -1 ? Math.min(bca, byDeviation) : Math.max(bca, byDeviation))
    }
    return {
      estimate: estimate + shift,
      se,
      lower: bound(alpha, -1),
      low: bound(TWO_SIDED, -1),
      high: bound(TWO_SIDED, 1),
      undefinedShare,
      replicates,
      method: `entity bootstrap, ${replicates} resamples, ${TWO_SIDED * replicates < REPLICATES_BEYOND ? 'sd' : 'wider of BCa and sd'}`,
    }
  })
}

/** With n - 1. */
function deviation(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}
