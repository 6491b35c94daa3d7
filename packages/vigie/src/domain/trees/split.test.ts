import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyLevels, type Levels } from './levels.ts'
import { emptySplit, type Side, type Split, tryCategories, tryThresholds } from './split.ts'

interface Level {
  readonly bin: number
  readonly zeros: number
  readonly ones: number
}

/** Occupied bins of one node, bin 0 (null) among them or not. One distinct row a draw. */
const nodes = fc
  .uniqueArray(
    fc.record({ bin: fc.nat(9), zeros: fc.nat(6), ones: fc.nat(6) }).filter(({ zeros, ones }) => zeros + ones > 0),
    { selector: ({ bin }) => bin, minLength: 2, maxLength: 8 },
  )
  .map((levels) => levels.sort((a, b) => a.bin - b.bin))
const rules = fc.record({
  weights: fc.tuple(fc.double({ min: 0.1, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 5, noNaN: true })),
  minRows: fc.integer({ min: 1, max: 4 }),
})

function sumOf(levels: readonly Level[]): Side {
  const zeros = levels.reduce((n, level) => n + level.zeros, 0)
  const ones = levels.reduce((n, level) => n + level.ones, 0)
  return { zeros, ones, rows: zeros + ones }
}

function asLevels(given: readonly Level[]): Levels {
  const levels = emptyLevels()
  given.forEach(({ bin, zeros, ones }, i) => {
    levels.bin[i] = bin
    levels.zeros[i] = zeros
    levels.ones[i] = ones
    levels.rows[i] = zeros + ones
  })
  levels.count = given.length
  return levels
}

/** Weighted Gini impurity after a split, from its definition: sum of side weight * 2 p (1 - p). */
function impurity(left: Side, node: Side, [weight0, weight1]: readonly [number, number]): number {
  const of = (zeros: number, ones: number) => {
    const total = zeros * weight0 + ones * weight1
    const p = (ones * weight1) / total
    return total * 2 * p * (1 - p)
  }
  return of(left.zeros, left.ones) + of(node.zeros - left.zeros, node.ones - left.ones)
}

/** Least impurity over the given sets of bins that may go left, infinite when none leaves enough rows. */
function exhaustive(
  levels: readonly Level[],
  sets: Iterable<ReadonlySet<number>>,
  { weights, minRows }: { readonly weights: readonly [number, number]; readonly minRows: number },
): number {
  const node = sumOf(levels)
  let least = Number.POSITIVE_INFINITY
  for (const set of sets) {
    const left = sumOf(levels.filter(({ bin }) => set.has(bin)))
    if (left.rows >= minRows && node.rows - left.rows >= minRows) least = Math.min(least, impurity(left, node, weights))
  }
  return least
}

function* thresholdSets(levels: readonly Level[]): Generator<Set<number>> {
  const values = levels.filter(({ bin }) => bin !== 0).map(({ bin }) => bin)
  for (let n = 0; n <= values.length; n++) {
    yield new Set(values.slice(0, n))
    yield new Set([0, ...values.slice(0, n)])
  }
}

function* allSets(levels: readonly Level[]): Generator<Set<number>> {
  for (let mask = 0; mask < 1 << levels.length; mask++) {
    yield new Set(levels.filter((_, i) => (mask >> i) & 1).map(({ bin }) => bin))
  }
}

function leftBins(split: Split, kind: 'numeric' | 'category', levels: readonly Level[]): Level[] {
  if (kind === 'category') {
    const left = new Set(split.categories.subarray(0, split.leftCategories))
    return levels.filter(({ bin }) => left.has(bin))
  }
  return levels.filter(({ bin }) => (bin === 0 ? split.nullLeft : bin <= split.lastLeft))
}

test.each([
  ['thresholds, with nulls on either side', 'numeric', tryThresholds, thresholdSets],
  ['sets of categories, null among them', 'category', tryCategories, allSets],
] as const)('the best split is the best of all %s', (_, kind, search, sets) => {
  fc.assert(
    fc.property(nodes, rules, (given, drawn) => {
      // The theorem about categories knows no least number of rows.
      const limits = kind === 'category' ? { ...drawn, minRows: 1 } : drawn
      const node = sumOf(given)
      const best = emptySplit()
      search(best, 5, asLevels(given), node, limits)
      const least = exhaustive(given, sets(given), limits)
      if (least === Number.POSITIVE_INFINITY) {
        expect(best.score).toBe(Number.NEGATIVE_INFINITY)
        return
      }
      const left = sumOf(leftBins(best, kind, given))
      expect(best.feature).toBe(5)
      expect({ zeros: best.leftZeros, ones: best.leftOnes, rows: best.leftRows }).toEqual(left)
      expect(impurity(left, node, limits.weights)).toBeCloseTo(least, 9)
      expect(best.nullLeft === null).toBe(given[0]!.bin !== 0)
    }),
    { numRuns: 2000 },
  )
})

test('sets of categories leave minRows distinct rows on both sides', () => {
  fc.assert(
    fc.property(nodes, rules, (given, limits) => {
      const best = emptySplit()
      tryCategories(best, 0, asLevels(given), sumOf(given), limits)
      if (best.score === Number.NEGATIVE_INFINITY) return
      const left = sumOf(leftBins(best, 'category', given))
      expect({ zeros: best.leftZeros, ones: best.leftOnes, rows: best.leftRows }).toEqual(left)
      expect(left.rows).toBeGreaterThanOrEqual(limits.minRows)
      expect(sumOf(given).rows - left.rows).toBeGreaterThanOrEqual(limits.minRows)
    }),
  )
})

test('a split that is no better than the one in hand does not replace it', () => {
  const levels = asLevels([
    { bin: 1, zeros: 3, ones: 0 },
    { bin: 2, zeros: 0, ones: 3 },
  ])
  const node: Side = { zeros: 3, ones: 3, rows: 6 }
  const best = emptySplit()
  for (const feature of [4, 2]) tryThresholds(best, feature, levels, node, { weights: [1, 1], minRows: 1 })
  tryCategories(best, 7, levels, node, { weights: [1, 1], minRows: 1 })
  expect(best.feature).toBe(4)
})
