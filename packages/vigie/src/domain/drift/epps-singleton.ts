import gammainc from '@stdlib/math-base-special-gammainc'
import { VigieError } from '../../errors.ts'
import { mean, quantile } from './moments.ts'
import { eigenSymmetric } from './symmetric.ts'

/** Where the characteristic functions are compared, in half interquartile ranges. */
const POINTS = [0.4, 0.8]
const TERMS = 2 * POINTS.length
const EPSILON = 2 ** -52

/**
 * Epps and Singleton's test (1986): whether the empirical characteristic functions of two ascending samples agree at two
 * points. It needs no continuous values (scipy's `epps_singleton_2samp`).
 * Throws `column_not_testable` when the middle half of all values is one value, or a side has fewer than 5.
 */
export function eppsSingleton(
  reference: Float64Array,
  current: Float64Array,
): { readonly statistic: number; readonly pValue: number } {
  const n = reference.length
  const m = current.length
  if (n < 5 || m < 5) {
    throw new VigieError('column_not_testable', `Epps-Singleton needs five rows a side, there are ${n} and ${m}`, {
      rule: 'each period has at least 5 values',
      value: `${n} and ${m}`,
    })
  }
  const pooled = new Float64Array(n + m)
  pooled.set(reference)
  pooled.set(current, n)
  pooled.sort()
  const range = quantile(pooled, 0.75) - quantile(pooled, 0.25)
  if (range === 0) {
    throw new VigieError('column_not_testable', 'Epps-Singleton needs an interquartile range above 0', {
      rule: 'the middle half of all values is not one value',
      value: '0',
    })
  }
  const before = waves(reference, range / 2)
  const after = waves(current, range / 2)
  const all = n + m
  const covariance = before.covariance.map((row, i) =>
    row.map((value, j) => (all / n) * value + (all / m) * after.covariance[i]![j]!),
  )
  const difference = before.means.map((value, i) => value - after.means[i]!)
  const { form, rank } = inverseForm(covariance, difference)
  let statistic = all * form
  if (Math.max(n, m) < 25) statistic /= 1 + all ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)
  return { statistic, pValue: gammainc(statistic / 2, rank / 2, true, true) }
}

/** Means and covariances (divisor n) of the cosines and sines of the values at the points. */
function waves(values: Float64Array, unit: number) {
  const columns = [
    ...POINTS.map((t) => values.map((x) => Math.cos((t / unit) * x))),
    ...POINTS.map((t) => values.map((x) => Math.sin((t / unit) * x))),
  ]
  const means = columns.map(mean)
  const covariance = columns.map((a, i) =>
    columns.map((b, j) => {
      let sum = 0
      for (let k = 0; k < a.length; k++) sum += (a[k]! - means[i]!) * (b[k]! - means[j]!)
      return sum / a.length
    }),
  )
  return { means, covariance }
}

/** `d' C+ d` by the pseudo-inverse, and its rank, by numpy's limits. */
function inverseForm(covariance: readonly number[][], difference: readonly number[]) {
  const { values, vectors } = eigenSymmetric(covariance)
  const largest = Math.max(...values.map(Math.abs))
  const kept = values.map((value) => Math.abs(value) > 1e-15 * largest)
  const largestInverse = Math.max(...values.filter((_, i) => kept[i]).map((value) => 1 / Math.abs(value)))
  let form = 0
  let rank = 0
  for (let k = 0; k < TERMS; k++) {
    if (!kept[k]) continue
    let along = 0
    for (let i = 0; i < TERMS; i++) along += vectors[i]![k]! * difference[i]!
    form += along ** 2 / values[k]!
    if (1 / Math.abs(values[k]!) > largestInverse * TERMS * EPSILON) rank++
  }
  return { form, rank }
}
