import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boostedHere } from '../../../test/boosted-here.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import { TRUE_OR_FALSE } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import { type GradientBoosting, gradientBoosting } from '../trainer.ts'
import { type BoostedRows, boostedRows } from './boosting.ts'
import { CATEGORY, FEATURE_MASK, type Forest, LEAF, logistic, predictColumns, predictRow } from './packed.ts'

const spec: FeatureSpec = [
  { name: 'v.a', view: 'v', feature: 'a', type: 'float', optional: true },
  { name: 'v.b', view: 'v', feature: 'b', type: 'int', optional: true },
  {
    name: 'v.c',
    view: 'v',
    feature: 'c',
    type: 'category',
    optional: true,
    categories: Array.from({ length: 40 }, (_, i) => `c${i}`),
  },
  { name: 'v.d', view: 'v', feature: 'd', type: 'boolean', optional: false },
]

/** Rows whose label depends on every feature, nulls included. Category 39 never occurs. */
function sample(rows: number, seed: number) {
  const random = seededRandom(seed)
  const nullable = (value: number) => (random.unit() < 0.15 ? Number.NaN : value)
  const columns = [0, 1, 2, 3].map(() => new Float64Array(rows))
  const label = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const row = [random.unit() * 10, random.below(6), random.below(39), random.below(2)] as const
    columns[0]![i] = nullable(row[0])
    columns[1]![i] = nullable(row[1])
    columns[2]![i] = nullable(row[2])
    columns[3]![i] = row[3]
    const score = row[0] / 10 + (row[2] % 3) / 2 + row[3] / 2 - (Number.isNaN(columns[1]![i]!) ? 1 : 0)
    label[i] = score + random.unit() > 1.4 ? 1 : 0
  }
  return { columns, label, keys: Array.from({ length: rows }, (_, i) => `user-${i}`) }
}

type Sample = ReturnType<typeof sample>

function fit(
  sample: Sample,
  options: Partial<GradientBoosting>,
  how: { readonly rows?: BoostedRows; readonly kernel?: boolean } = {},
): Forest {
  const trainer = gradientBoosting({ rounds: 30, leaves: 8, minSamplesLeaf: 5, seed: 3, ...options })
  return boostedHere({ spec, ...sample }, TRUE_OR_FALSE, trainer, how)
}

const small = sample(800, 1)
const forest = fit(small, {})

function logLoss(probability: ArrayLike<number>, label: ArrayLike<number>): number {
  return -Array.from(label, (y, i) => Math.log(y === 1 ? probability[i]! : 1 - probability[i]!)).reduce((a, b) => a + b)
}

/** Words of the nodes that split. */
const splits = ({ words }: Forest): number[] => [...words].filter((word, i) => i % 4 === 2 && word !== LEAF)

test('every tree lowers the log loss of the rows that it was grown on', () => {
  const losses = [...forest.roots.keys()].map((trees) => {
    const end = trees + 1 < forest.roots.length ? forest.roots[trees + 1]! : forest.words.length / 4
    const part: Forest = { ...forest, roots: forest.roots.slice(0, trees + 1), words: forest.words.slice(0, 4 * end) }
    return logLoss(
      predictColumns({ ...part, values: new Float64Array(part.words.buffer) }, small.columns, 800),
      small.label,
    )
  })
  expect(losses).toHaveLength(30)
  for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]!)
})

function baseOf({ objective }: Forest): number {
  return objective?.kind === 'logistic' ? objective.base : Number.NaN
}

test('the first tree is the Newton step of its rows from their log-odds', () => {
  const one = fit(small, { rounds: 1, learningRate: 1, l2: 2 })
  const share = small.label.reduce((sum, y) => sum + y, 0) / 800
  const base = Math.log(share / (1 - share))
  expect(one.objective?.kind).toBe('logistic')
  expect(baseOf(one)).toBeCloseTo(base, 12)
  const scores = predictColumns(one, small.columns, 800)
  // Rows of equal scores are those of one leaf.
  for (const score of new Set(scores)) {
    const labels = [...small.label].filter((_, i) => scores[i] === score)
    const gradient = labels.reduce((sum, y) => sum + share - y, 0)
    expect(score).toBeCloseTo(logistic(base - gradient / (labels.length * share * (1 - share) + 2)), 9)
    expect(labels.length).toBeGreaterThanOrEqual(5)
  }
  expect(new Set(scores).size).toBeLessThanOrEqual(8)
})

test('one row at a time and by columns give the same bits', () => {
  const { columns } = sample(5000, 2)
  predictColumns(forest, columns, 5000).forEach((score, i) => {
    expect(score).toBe(
      predictRow(
        forest,
        Float64Array.from(columns, (column) => column[i]!),
      ),
    )
  })
})

test('splits are made on every type of feature, and rows of categories never seen are scored', () => {
  const used = splits(forest)
  expect(new Set(used.map((word) => word & FEATURE_MASK))).toEqual(new Set([0, 1, 2, 3]))
  expect(used.some((word) => (word & CATEGORY) !== 0)).toBe(true)
  const p = predictRow(forest, Float64Array.of(Number.NaN, Number.NaN, 39, Number.NaN))
  expect(p > 0 && p < 1).toBe(true)
})

test('the order in which features are counted does not matter, but the seed does where anything is drawn', () => {
  const drawn = { rowFraction: 0.6, columnFraction: 0.5 }
  const words = (options: Partial<GradientBoosting>) => fit(small, options).words
  expect(words(drawn)).toEqual(words(drawn))
  expect(words(drawn)).not.toEqual(words({ ...drawn, seed: 4 }))
  expect(words({ seed: 4 })).toEqual(forest.words)
})

test.each<Partial<GradientBoosting>>([{}, { rowFraction: 0.6, columnFraction: 0.75 }, { leaves: 31, l2: 1 }])(
  'the kernel and JavaScript give the same bytes: %o',
  (options) => {
    const [kernel, script] = [true, false].map((kernel) => fit(small, options, { kernel }))
    expect(kernel).toEqual(script)
  },
)

test('a tree of half of the features splits no others, and trees differ in which', () => {
  const { roots, words } = fit(small, { columnFraction: 0.5 })
  const perTree = [...roots].map((root, tree) => {
    const end = roots[tree + 1] ?? words.length / 4
    return new Set(splits({ ...forest, words: words.slice(4 * root, 4 * end) }).map((word) => word & FEATURE_MASK))
  })
  for (const features of perTree) expect(features.size).toBeLessThanOrEqual(2)
  expect(new Set(perTree.flatMap((features) => [...features])).size).toBe(4)
})

test.each([
  ['no rows are left out', {}],
  ['rows and features are drawn', { rowFraction: 0.7, columnFraction: 0.75 }],
  ['some rows say when to stop', { earlyStopping: { rounds: 5, fraction: 0.3 } }],
])(
  'the probability never falls with a feature that may only raise it, nor rises with one that may not: %s',
  (_, options) => {
    const monotone = { 'v.a': 'decreasing', 'v.b': 'increasing' } as const
    const constrained = fit(small, { ...options, rounds: 40, leaves: 31, monotone })
    expect(splits(constrained).some((word) => (word & FEATURE_MASK) === 0)).toBe(true)
    const row = fc.record({
      b: fc.constantFrom(Number.NaN, 0, 1, 2, 3, 4, 5),
      c: fc.integer({ min: 0, max: 39 }),
      d: fc.constantFrom(0, 1),
    })
    fc.assert(
      fc.property(row, fc.double({ min: 0, max: 10, noNaN: true }), ({ b, c, d }, a) => {
        const at = (aValue: number, bValue: number) => predictRow(constrained, Float64Array.of(aValue, bValue, c, d))
        for (let higher = a; higher < 10; higher += 0.37) expect(at(higher, b)).toBeLessThanOrEqual(at(a, b))
        for (let value = 0; value < 5; value++) expect(at(a, value + 1)).toBeGreaterThanOrEqual(at(a, value))
      }),
    )
  },
)

test('early stopping keeps the trees with the least loss on the rows that it watches', () => {
  const noisy = sample(600, 7)
  const earlyStopping = { rounds: 10, fraction: 0.4 }
  const rows = boostedRows(noisy.keys, earlyStopping)
  const stopped = fit(noisy, { rounds: 400, leaves: 31, learningRate: 0.3, earlyStopping })
  const all = fit(noisy, { rounds: 400, leaves: 31, learningRate: 0.3 }, { rows })
  const lossOfFirst = (trees: number): number => {
    const scores = predictColumns({ ...all, roots: all.roots.slice(0, trees) }, noisy.columns, 600)
    return logLoss(
      Array.from(rows.watched, (i) => scores[i]!),
      Array.from(rows.watched, (i) => noisy.label[i]!),
    )
  }
  const kept = stopped.roots.length
  expect(kept).toBeLessThan(100)
  const losses = Array.from({ length: kept + 10 }, (_, i) => lossOfFirst(i + 1))
  expect(losses.indexOf(Math.min(...losses))).toBe(kept - 1)
  expect(stopped.words).toEqual(all.words.slice(0, stopped.words.length))
})

test('labels of watched rows change no tree, only how many there are', () => {
  const earlyStopping = { rounds: 400, fraction: 0.4 }
  const { grown, watched } = boostedRows(small.keys, earlyStopping)
  expect([...grown, ...watched].sort((a, b) => a - b)).toEqual([...small.keys.keys()])
  const other = { ...small, label: small.label.map((y, i) => (watched.includes(i) ? 1 - y : y)) }
  const [a, b] = [small, other].map((rows) => fit(rows, { rounds: 20, earlyStopping }).words)
  const shorter = Math.min(a!.length, b!.length)
  expect(a!.length).not.toBe(b!.length)
  expect(a!.slice(0, shorter)).toEqual(b!.slice(0, shorter))
})

test('classes of equal weight move the base to one half', () => {
  const rare = { ...small, label: small.label.map((y, i) => (i % 5 === 0 ? y : 0)) }
  expect(baseOf(fit(rare, { classWeight: 'balanced' }))).toBeCloseTo(0, 12)
  expect(baseOf(fit(rare, {}))).toBeLessThan(-1)
})

test.each<[string, Partial<GradientBoosting>, Partial<Sample>]>([
  ['rows of one class', {}, { label: new Float64Array(800) }],
  ['early stopping on rows of one class', { earlyStopping: { rounds: 5, fraction: 1e-9 } }, {}],
])('refused: %s', (_, options, change) => {
  expect(() => fit({ ...small, ...change }, options)).toThrow(expect.objectContaining({ code: 'too_few_rows' }))
})

test('rows that cannot be parted give trees of one leaf and the share of the class', () => {
  const equal = { ...small, columns: small.columns.map(() => new Float64Array(800)) }
  const constant = fit(equal, { rounds: 3 })
  const share = small.label.reduce((sum, y) => sum + y, 0) / 800
  expect(constant.words.length).toBe(3 * 4)
  expect(predictRow(constant, Float64Array.of(1, 1, 1, 1))).toBeCloseTo(share, 9)
})
