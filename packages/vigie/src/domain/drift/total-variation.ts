import { seededRandom } from '../random.ts'
import { type PooledCounts, total } from './pooled-counts.ts'

const PERMUTATIONS = 1000

/** Half the sum of the differences of shares, 0 to 1. */
export function totalVariation(reference: Float64Array, current: Float64Array): number {
  const n = total(reference)
  const m = total(current)
  let distance = 0
  for (let k = 0; k < reference.length; k++) distance += Math.abs(reference[k]! / n - current[k]! / m)
  return distance / 2
}

/**
 * Permutation test of the total variation distance: the share of 1,000 random divisions of all rows into periods of
 * these sizes that are at least as far apart. Seeded, so the same rows give the same p-value.
 */
export function totalVariationTest({ reference, current }: Pick<PooledCounts, 'reference' | 'current'>): {
  readonly statistic: number
  readonly pValue: number
} {
  const statistic = totalVariation(reference, current)
  const pooled = reference.map((count, k) => count + current[k]!)
  const rows = new Int32Array(total(pooled))
  let row = 0
  pooled.forEach((count, k) => {
    rows.fill(k, row, row + count)
    row += count
  })
  const draws = Math.min(total(reference), total(current))
  const random = seededRandom(0)
  let atLeast = 0
  for (let permutation = 0; permutation < PERMUTATIONS; permutation++) {
    const drawn = new Float64Array(pooled.length)
    for (let i = 0; i < draws; i++) {
      const pick = i + random.below(rows.length - i)
      const category = rows[pick]!
      rows[pick] = rows[i]!
      rows[i] = category
      drawn[category]!++
    }
    const others = pooled.map((count, k) => count - drawn[k]!)
    if (totalVariation(drawn, others) >= statistic - 1e-12) atLeast++
  }
  return { statistic, pValue: atLeast / PERMUTATIONS }
}
