import { normalCdf } from '../distributions/normal.ts'
import type { ColumnPair } from './column-pair.ts'

/** With at most this many rows on a side, and no ties, all orders are counted: scipy's `method='auto'`. */
const MOST_ROWS_EXACT = 8

/**
 * Mann-Whitney's U as Evidently asks it: whether the reference is LESS than the current period. A fall is not seen.
 * Exact for small samples without ties, else normal with corrections for ties and continuity.
 */
export function mannWhitneyLess({ reference, current, counts }: Pick<ColumnPair, 'reference' | 'current' | 'counts'>): {
  /** Of the reference: pairs in which it is above the current value, ties counting half. */
  readonly statistic: number
  readonly pValue: number
} {
  const n = reference.length
  const m = current.length
  let u = 0
  let currentBelow = 0
  let ties = 0
  for (let k = 0; k < counts.values.length; k++) {
    const here = counts.reference[k]! + counts.current[k]!
    u += counts.reference[k]! * (currentBelow + counts.current[k]! / 2)
    currentBelow += counts.current[k]!
    ties += here ** 3 - here
  }
  if (Math.min(n, m) <= MOST_ROWS_EXACT && ties === 0) return { statistic: u, pValue: exactAtMost(u, n, m) }
  const all = n + m
  const deviation = Math.sqrt(((n * m) / 12) * (all + 1 - ties / (all * (all - 1))))
  const z = (n * m - u - (n * m) / 2 - 0.5) / deviation
  // All values equal: there is no order, and nothing speaks against "no difference".
  return { statistic: u, pValue: deviation > 0 ? Math.min(1, normalCdf(-z)) : 1 }
}

/** Share of the orders of n and m values with a U of at most `u`. */
function exactAtMost(u: number, n: number, m: number): number {
  // ways[s]: how often s is the sum of at most `n` parts of at most `m` each, by Gauss' binomial coefficients.
  let ways = new Float64Array(n * m + 1)
  ways[0] = 1
  for (let k = 1; k <= n; k++) {
    const grown = ways.slice()
    for (let s = m + k; s <= n * m; s++) grown[s]! -= ways[s - m - k]!
    for (let s = k; s <= n * m; s++) grown[s]! += grown[s - k]!
    ways = grown
  }
  let atMost = 0
  let total = 0
  for (let s = 0; s <= n * m; s++) {
    total += ways[s]!
    if (s <= u) atMost += ways[s]!
  }
  return atMost / total
}
