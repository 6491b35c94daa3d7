import gammainc from '@stdlib/math-base-special-gammainc'
import { total } from './pooled-counts.ts'

/**
 * Pearson's chi-square test that the current counts follow the reference's shares, as Evidently uses it: the
 * expected counts are the reference's, scaled to the current size and taken as exact. p-value with `bins - 1` degrees
 * of freedom. A value that the reference never had makes the statistic infinite and p 0.
 *
 * The upper incomplete gamma function keeps small p-values exact where `1 - cdf` would round them to 0.
 */
export function chiSquare(
  reference: Float64Array,
  current: Float64Array,
): { readonly statistic: number; readonly degreesOfFreedom: number; readonly pValue: number } {
  const scale = total(current) / total(reference)
  let statistic = 0
  for (let i = 0; i < reference.length; i++) {
    const expected = reference[i]! * scale
    statistic += (current[i]! - expected) ** 2 / expected
  }
  const degreesOfFreedom = reference.length - 1
  const pValue = statistic === Number.POSITIVE_INFINITY ? 0 : gammainc(statistic / 2, degreesOfFreedom / 2, true, true)
  return { statistic, degreesOfFreedom, pValue }
}
