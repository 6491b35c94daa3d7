import betainc from '@stdlib/math-base-special-betainc'
import quantile from '@stdlib/stats-base-dists-t-quantile'

/** The `p` quantile of Student's t with `df > 0` degrees of freedom (need not be whole). */
export function tQuantile(p: number, df: number): number {
  return quantile(p, df)
}

/** Probability that Student's t with `df > 0` degrees of freedom is above `t`. Exact in the far tail. */
export function tUpperTail(t: number, df: number): number {
  const tail = betainc(df / (df + t * t), df / 2, 0.5, true, false) / 2
  return t > 0 ? tail : 1 - tail
}
