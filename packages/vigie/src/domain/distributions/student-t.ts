import quantile from '@stdlib/stats-base-dists-t-quantile'

/** The `p` quantile of Student's t with `df > 0` degrees of freedom (need not be whole). */
export function tQuantile(p: number, df: number): number {
  return quantile(p, df)
}
