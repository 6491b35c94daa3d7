import betainc from '@stdlib/math-base-special-betainc'
import { mean } from './moments.ts'

/**
 * Student's two-sample t test with pooled variance, two-sided (scipy's `ttest_ind`). NaN when neither side varies.
 */
export function twoSampleT(
  reference: Float64Array,
  current: Float64Array,
): { readonly statistic: number; readonly degreesOfFreedom: number; readonly pValue: number } {
  const n = reference.length
  const m = current.length
  const before = mean(reference)
  const after = mean(current)
  const degreesOfFreedom = n + m - 2
  const pooled = (squaredDeviations(reference, before) + squaredDeviations(current, after)) / degreesOfFreedom
  const statistic = (before - after) / Math.sqrt(pooled * (1 / n + 1 / m))
  const share = degreesOfFreedom / (degreesOfFreedom + statistic ** 2)
  return { statistic, degreesOfFreedom, pValue: betainc(share, degreesOfFreedom / 2, 0.5) }
}

function squaredDeviations(values: Float64Array, center: number): number {
  let sum = 0
  for (const value of values) sum += (value - center) ** 2
  return sum
}
