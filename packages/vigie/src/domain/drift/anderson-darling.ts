import { VigieError } from '../../errors.ts'
import { type PooledCounts, total } from './pooled-counts.ts'

/** Levels of significance of Scholz and Stephens' table 2, and the coefficients of its critical values. */
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001]
const B0 = [0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085]
const B1 = [-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615]
const B2 = [-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154]
/** For two samples. */
const CRITICAL = B0.map((b, i) => b + B1[i]! + B2[i]!)

/**
 * Two-sample Anderson-Darling test with midranks (Scholz and Stephens 1987; scipy's `anderson_ksamp`). The p-value is
 * interpolated in the published table and therefore lies between 0.001 and 0.25.
 * Throws `column_not_testable` when all values are equal.
 */
export function andersonDarling({ values, reference, current }: PooledCounts): {
  readonly statistic: number
  readonly pValue: number
} {
  if (values.length < 2) {
    throw new VigieError('column_not_testable', 'Anderson-Darling needs two different values, all are equal', {
      rule: 'the values of both periods together are not all equal',
      value: String(values[0]),
    })
  }
  const sizes = [total(reference), total(current)]
  const n = sizes[0]! + sizes[1]!
  let squares = 0
  for (const [k, counts] of [reference, current].entries()) {
    let below = 0
    let ownBelow = 0
    let inner = 0
    for (let j = 0; j < values.length; j++) {
      const here = reference[j]! + current[j]!
      const b = below + here / 2
      const m = ownBelow + counts[j]! / 2
      inner += ((here / n) * (n * m - b * sizes[k]!) ** 2) / (b * (n - b) - (n * here) / 4)
      below += here
      ownBelow += counts[j]!
    }
    squares += inner / sizes[k]!
  }
  const statistic = ((squares * (n - 1)) / n - 1) / Math.sqrt(variance(sizes, n))
  return { statistic, pValue: interpolated(statistic) }
}

/** Of the statistic under "no difference": equation 4 of the paper, for two samples. */
function variance([n1, n2]: readonly number[], n: number): number {
  const inverse = 1 / n1! + 1 / n2!
  let h = 1
  let g = 0
  let harmonic = 0
  for (let i = n - 1; i >= 2; i--) {
    harmonic += 1 / i
    g += harmonic / (n - i + 1)
  }
  h += harmonic
  const a = 4 * g - 6 + (10 - 6 * g) * inverse
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h
  const d = (2 * h + 6) * 4 - 8 * h
  return (a * n ** 3 + b * n ** 2 + c * n + d) / ((n - 1) * (n - 2) * (n - 3))
}

/** A parabola through the logarithms of the levels by least squares over the critical values. */
function interpolated(statistic: number): number {
  if (statistic < CRITICAL[0]!) return LEVELS[0]!
  if (statistic > CRITICAL.at(-1)!) return LEVELS.at(-1)!
  const [c0, c1, c2] = parabola(
    CRITICAL,
    LEVELS.map((level) => Math.log(level)),
  )
  return Math.exp(c0 + c1 * statistic + c2 * statistic ** 2)
}

/** Least squares over orthogonal polynomials: the normal equations of powers would lose half the digits. */
function parabola(x: readonly number[], y: readonly number[]): readonly [number, number, number] {
  const n = x.length
  const center = x.reduce((a, b) => a + b, 0) / n
  const p1 = x.map((value) => value - center)
  const s1 = p1.reduce((a, b) => a + b * b, 0)
  const s2 = p1.reduce((a, b) => a + b ** 3, 0) / s1
  const p2 = p1.map((value) => value * value - s2 * value - s1 / n)
  const along = (p: readonly number[]) =>
    p.reduce((a, value, i) => a + value * y[i]!, 0) / p.reduce((a, value) => a + value * value, 0)
  const a0 = y.reduce((a, b) => a + b, 0) / n
  const a1 = along(p1)
  const a2 = along(p2)
  // Back to powers of x, where p1 = x - center and p2 = p1^2 - s2 p1 - s1 / n.
  const linear = a1 - a2 * s2
  return [a0 - (a2 * s1) / n - linear * center + a2 * center ** 2, linear - 2 * a2 * center, a2]
}
