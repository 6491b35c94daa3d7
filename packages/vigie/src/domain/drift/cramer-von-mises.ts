import { VigieError } from '../../errors.ts'
import type { ColumnPair } from './column-pair.ts'
import { greatestCommonDivisor } from './common-divisor.ts'

/** Up to this many rows a side the p-value counts all orders, as Evidently and scipy do. */
const MOST_ROWS_EXACT = 20

/**
 * Two-sample Cramer-von Mises test with midranks (Anderson 1962). Above 20 rows a side the p-value is that of the
 * limiting distribution, which knows no ties: with many of them it is too small, as it is in Evidently.
 * Throws `column_not_testable` below two rows a side.
 */
export function cramerVonMises({ reference, current, counts }: Pick<ColumnPair, 'reference' | 'current' | 'counts'>): {
  readonly statistic: number
  readonly pValue: number
} {
  const n = reference.length
  const m = current.length
  if (n < 2 || m < 2) {
    throw new VigieError('column_not_testable', `Cramer-von Mises needs two rows a side, there are ${n} and ${m}`, {
      rule: 'each period has at least 2 values',
      value: `${n} and ${m}`,
    })
  }
  let below = 0
  let i = 0
  let j = 0
  let u = 0
  for (let k = 0; k < counts.values.length; k++) {
    const ofReference = counts.reference[k]!
    const ofCurrent = counts.current[k]!
    const rank = below + (ofReference + ofCurrent + 1) / 2
    for (let r = 1; r <= ofReference; r++) u += n * (rank - (i + r)) ** 2
    for (let c = 1; c <= ofCurrent; c++) u += m * (rank - (j + c)) ** 2
    below += ofReference + ofCurrent
    i += ofReference
    j += ofCurrent
  }
  const nm = n * m
  const all = n + m
  const statistic = u / (nm * all) - (4 * nm - 1) / (6 * all)
  if (Math.max(n, m) <= MOST_ROWS_EXACT) return { statistic, pValue: exactP(u, n, m) }
  const expected = (1 + 1 / all) / 6
  const variance = ((all + 1) * (4 * nm * all - 3 * (n ** 2 + m ** 2) - 2 * nm)) / (45 * all ** 2 * 4 * nm)
  const normed = 1 / 6 + (statistic - expected) / Math.sqrt(45 * variance)
  return { statistic, pValue: normed < 0.003 ? 1 : Math.max(0, 1 - limitingCdf(normed)) }
}

/** Share of the orders of n and m values whose statistic is at least this one (Xiao, Gordon and Yakovlev 2006). */
function exactP(u: number, n: number, m: number): number {
  const lcm = (n * m) / greatestCommonDivisor(n, m)
  const [a, b] = [lcm / n, lcm / m]
  const zeta = Math.floor((lcm ** 2 * (n + m) * (6 * u - n * m * (4 * n * m - 1))) / (6 * (n * m) ** 2))
  // How many orders of v values of one side and w of the other have each sum.
  let frequencies: Map<number, number>[] = Array.from({ length: n + 1 }, (_, v) => new Map(v === 0 ? [[0, 1]] : []))
  for (let w = 0; w <= m; w++) {
    let before = new Map<number, number>()
    frequencies = frequencies.map((own, v) => {
      const step = (a * v - b * w) ** 2
      const next = new Map<number, number>()
      for (const from of [before, own]) {
        for (const [sum, orders] of from) next.set(sum + step, (next.get(sum + step) ?? 0) + orders)
      }
      before = next
      return next
    })
  }
  let atLeast = 0
  let total = 0
  for (const [sum, orders] of frequencies[n]!) {
    total += orders
    if (sum >= zeta) atLeast += orders
  }
  return atLeast / total
}

/** Of the statistic for endless samples: the series of Csorgo and Faraway (1996, equation 1.3), by scipy's rule. */
function limitingCdf(x: number): number {
  let sum = 0
  let ratio = Math.sqrt(Math.PI) // gamma(k + 1/2) / gamma(k + 1)
  for (let k = 0; ; k++) {
    const y = 4 * k + 1
    const term = (ratio / (Math.PI ** 1.5 * Math.sqrt(x))) * Math.sqrt(y) * scaledBessel(y ** 2 / (16 * x))
    sum += term
    if (!(Math.abs(term) >= 1e-7)) return sum
    ratio *= (k + 0.5) / (k + 1)
  }
}

/**
 * `exp(-q) K(q)` for the modified Bessel function of the second kind of order 1/4, by the trapezoidal rule on
 * `K(q) = integral of exp(-q cosh t) cosh(t / 4)`, which is exact to the last digits at this step.
 */
function scaledBessel(q: number): number {
  const step = 0.1
  let sum = Math.exp(-2 * q) / 2
  for (let t = step; ; t += step) {
    const term = Math.exp(-q * (1 + Math.cosh(t))) * Math.cosh(t / 4)
    sum += term
    if (!(term > sum * 1e-18)) return sum * step
  }
}
