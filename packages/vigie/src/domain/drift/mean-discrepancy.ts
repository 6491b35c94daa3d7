import { VigieError } from '../../errors.ts'
import { seededRandom } from '../random.ts'

const PERMUTATIONS = 100
/** The kernel of all pairs is kept: 3,000 rows take 72 MB. */
const MOST_ROWS = 3000

/**
 * Maximum mean discrepancy of two samples with a Gaussian kernel (Gretton et al. 2012), unbiased, and the share of 100
 * seeded permutations that are at least as large. The kernel's width is Evidently's: the median of the squared distances
 * within the reference is twice its square.
 * Throws `column_not_testable` above 3,000 rows, or with one on a side.
 */
export function meanDiscrepancy(
  reference: Float64Array,
  current: Float64Array,
): { readonly statistic: number; readonly pValue: number } {
  const n = reference.length
  const m = current.length
  const all = n + m
  if (all > MOST_ROWS || n < 2 || m < 2) {
    throw new VigieError('column_not_testable', `the mean discrepancy was asked of ${n} and ${m} rows`, {
      rule: `both periods have at least 2 values, and at most ${MOST_ROWS} together`,
      value: `${n} and ${m}`,
    })
  }
  const values = new Float64Array(all)
  values.set(reference)
  values.set(current, n)
  const divided = divisions(kernelOf(values, n), all, n)
  const order = Int32Array.from(values, (_, i) => i)
  const statistic = divided(order.subarray(n))
  const random = seededRandom(0)
  let atLeast = 0
  for (let permutation = 0; permutation < PERMUTATIONS; permutation++) {
    for (let i = 0; i < m; i++) {
      const j = i + random.below(all - i)
      const moved = order[i]!
      order[i] = order[j]!
      order[j] = moved
    }
    if (divided(order.slice(0, m).sort()) >= statistic - 1e-15) atLeast++
  }
  return { statistic, pValue: atLeast / PERMUTATIONS }
}

/** `exp(-d / (2 sigma^2))` for all pairs, 0 on the diagonal. `d` is formed as Evidently forms it, rounding included. */
function kernelOf(values: Float64Array, n: number): Float64Array {
  const all = values.length
  const kernel = new Float64Array(all * all)
  for (let i = 0; i < all; i++) {
    for (let j = 0; j < all; j++) {
      kernel[i * all + j] = values[j]! ** 2 - 2 * (values[i]! * values[j]!) + values[i]! ** 2
    }
  }
  const own = new Float64Array(n * n)
  for (let i = 0; i < n; i++) own.set(kernel.subarray(i * all, i * all + n), i * n)
  own.sort()
  const median = own[nearestMiddle(own.length)]!
  const gamma = median === 0 ? 1 : 1 / median
  for (let i = 0; i < kernel.length; i++) kernel[i] = Math.exp(-gamma * kernel[i]!)
  for (let i = 0; i < all; i++) kernel[i * all + i] = 0
  return kernel
}

/** numpy's "nearest" median: of two middle places the even one. */
function nearestMiddle(length: number): number {
  const below = Math.floor((length - 1) / 2)
  return length % 2 === 0 && below % 2 === 1 ? below + 1 : below
}

/** The discrepancy when `rows`, ascending, are the current period. The other sums follow from those of whole rows. */
function divisions(kernel: Float64Array, all: number, n: number): (rows: Int32Array) => number {
  const m = all - n
  const rowSums = new Float64Array(all)
  for (let i = 0; i < all; i++) for (let j = 0; j < all; j++) rowSums[i]! += kernel[i * all + j]!
  const total = rowSums.reduce((a, b) => a + b, 0)
  return (rows) => {
    let ofRows = 0
    let half = 0
    for (let i = 0; i < m; i++) {
      const base = rows[i]! * all
      ofRows += rowSums[rows[i]!]!
      for (let j = i + 1; j < m; j++) half += kernel[base + rows[j]!]!
    }
    const within = 2 * half
    const between = ofRows - within
    return (total - within - 2 * between) / (n * (n - 1)) + within / (m * (m - 1)) - (2 * between) / (n * m)
  }
}
