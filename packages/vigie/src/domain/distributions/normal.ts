import cdf from '@stdlib/stats-base-dists-normal-cdf'
import quantile from '@stdlib/stats-base-dists-normal-quantile'

/** The `p` quantile of the standard normal distribution. */
export function normalQuantile(p: number): number {
  return quantile(p, 0, 1)
}

/** Two-sided p-value of a standard normal statistic. Exact in the far tail, where `1 - cdf` would be 0. */
export function twoSidedP(z: number): number {
  return 2 * cdf(-Math.abs(z), 0, 1)
}

/** Probability that a standard normal variable is at most `x`. */
export function normalCdf(x: number): number {
  return cdf(x, 0, 1)
}
