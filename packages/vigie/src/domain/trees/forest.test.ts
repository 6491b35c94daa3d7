import { expect, test } from 'vitest'
import type { FeatureSpec } from '../feature-spec.ts'
import { TRUE_OR_FALSE } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import { randomForest } from '../trainer.ts'
import { binFeatures } from './bins.ts'
import { growTrees, joinForests } from './forest.ts'
import { CATEGORY, FEATURE_MASK, type Forest, LEAF, NULL_LEFT, predictColumns, predictRow } from './packed.ts'
import { trainingSet } from './training-set.ts'

const spec: FeatureSpec = [
  { name: 'v.a', view: 'v', feature: 'a', type: 'float', optional: true },
  { name: 'v.b', view: 'v', feature: 'b', type: 'int', optional: true },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: true, categories: names(40) },
  { name: 'v.d', view: 'v', feature: 'd', type: 'boolean', optional: false },
]

function names(n: number): string[] {
  return Array.from({ length: n }, (_, i) => `c${i}`)
}

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
  return { columns, label }
}

const { columns, label } = sample(600, 1)
const set = trainingSet(binFeatures(spec, columns, 600), {
  target: TRUE_OR_FALSE,
  label: label,
  classWeight: 'balanced',
})
const trainer = randomForest({ trees: 40, seed: 9, classWeight: 'balanced' })
const forest = growTrees(set, trainer, 0, 40)

/** The probability by the words of `packed.ts`, written as slowly and plainly as possible. */
function walkPlainly({ roots, words, values }: Forest, row: readonly number[]): number {
  const leaves = [...roots].map((root) => {
    let node = root
    while (words[4 * node + 2] !== LEAF) {
      const split = words[4 * node + 2]!
      const value = row[split & FEATURE_MASK]!
      let left: boolean
      if (Number.isNaN(value)) left = (split & NULL_LEFT) !== 0
      else if ((split & CATEGORY) !== 0) {
        const mask = (BigInt(words[4 * node + 1]! >>> 0) << 32n) | BigInt(words[4 * node]! >>> 0)
        left = ((mask >> BigInt(value)) & 1n) === 1n
      } else left = value <= values[2 * node]!
      node = words[4 * node + 3]! + (left ? 0 : 1)
    }
    return values[2 * node]!
  })
  return leaves.reduce((sum, value) => sum + value, 0) / leaves.length
}

test('one row, a batch and a plain walk give the same bits, with nulls and categories that training never saw', () => {
  const fresh = sample(5000, 2)
  fresh.columns[2]!.fill(39, 0, 100)
  const batch = predictColumns(forest, fresh.columns, 5000)
  for (let i = 0; i < 5000; i++) {
    const row = fresh.columns.map((column) => column[i]!)
    expect(predictRow(forest, Float64Array.from(row))).toBe(batch[i])
    if (i < 500) expect(walkPlainly(forest, row)).toBe(batch[i])
  }
})

test('a forest grown in pieces and joined is the forest grown at once', () => {
  const parts = [growTrees(set, trainer, 0, 1), growTrees(set, trainer, 1, 30), growTrees(set, trainer, 30, 40)]
  const joined = joinForests(parts)
  expect(joined.roots).toEqual(forest.roots)
  expect(joined.words).toEqual(forest.words)
})

test('another seed is another forest', () => {
  expect(growTrees(set, { ...trainer, seed: 10 }, 0, 40).words).not.toEqual(forest.words)
})

test('it tells when each tree is done', () => {
  const done: number[] = []
  growTrees(set, trainer, 5, 8, (n) => done.push(n))
  expect(done).toEqual([1, 2, 3])
})

test('fully grown trees remember the rows that they were grown on', () => {
  const scores = predictColumns(forest, columns, 600)
  expect(label.filter((y, i) => scores[i]! > 0.5 === (y === 1)).length).toBeGreaterThan(590)
})

test('it learns from each kind of feature, and from the absence of one', () => {
  const used = new Set<number>()
  for (let node = 0; node < forest.words.length / 4; node++) {
    const split = forest.words[4 * node + 2]!
    if (split !== LEAF) used.add(split & FEATURE_MASK)
  }
  expect([...used].sort()).toEqual([0, 1, 2, 3])
  const fresh = sample(4000, 5)
  const scores = predictColumns(forest, fresh.columns, 4000)
  const right = fresh.label.filter((y, i) => scores[i]! > 0.5 === (y === 1)).length
  // Bayes-optimal is about 0.82 on these labels, always answering the commoner class 0.55.
  expect(right / 4000).toBeGreaterThan(0.74)
})

test('no leaf has fewer distinct rows than minSamplesLeaf, and no tree is deeper than maxDepth', () => {
  const limited = { ...trainer, minSamplesLeaf: 25, maxDepth: 4 }
  const grown = growTrees(set, limited, 0, 10)
  for (let t = 0; t < 10; t++) {
    const end = grown.roots[t + 1] ?? grown.words.length / 4
    expect(end - grown.roots[t]!).toBeLessThanOrEqual(31)
    expect(end - grown.roots[t]!).toBeGreaterThan(5)
  }
  // All 600 rows reach a leaf; at most 600 / 25 leaves a tree can have 25 of them.
  const shallow = growTrees(set, { ...trainer, minSamplesLeaf: 200 }, 0, 10)
  expect(shallow.words.length / 4).toBeLessThanOrEqual(10 * 3)
})

test('a value that a node never saw goes the way of its larger child', () => {
  // a = 1 for 30 rows of class 0 and a = 2 for 10 rows of class 1: the left child is larger.
  const column = Float64Array.from({ length: 40 }, (_, i) => (i < 30 ? 1 : 2))
  const y = Float64Array.from({ length: 40 }, (_, i) => (i < 30 ? 0 : 1))
  const numeric = trainingSet(binFeatures(spec.slice(0, 1), [column], 40), {
    target: TRUE_OR_FALSE,
    label: y,
    classWeight: 'none',
  })
  const stump = growTrees(numeric, randomForest({ trees: 1 }), 0, 1)
  expect(predictRow(stump, Float64Array.of(Number.NaN))).toBe(0)
  expect(predictRow(stump, Float64Array.of(2))).toBe(1)

  const categories = trainingSet(binFeatures(spec.slice(2, 3), [column], 40), {
    target: TRUE_OR_FALSE,
    label: y,
    classWeight: 'none',
  })
  const sets = growTrees(categories, randomForest({ trees: 1 }), 0, 1)
  for (const unseen of [Number.NaN, 0, 3, 31, 32, 39]) expect(predictRow(sets, Float64Array.of(unseen))).toBe(0)
  expect(predictRow(sets, Float64Array.of(2))).toBe(1)
})

test('null against all values is a split of its own', () => {
  const column = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? Number.NaN : i))
  const y = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 0))
  const found = trainingSet(binFeatures(spec.slice(0, 1), [column], 40), {
    target: TRUE_OR_FALSE,
    label: y,
    classWeight: 'none',
  })
  const stump = growTrees(found, randomForest({ trees: 1 }), 0, 1)
  expect(stump.words.length / 4).toBe(3)
  expect(predictRow(stump, Float64Array.of(Number.NaN))).toBe(1)
  for (const value of [-1e300, 30, Number.MAX_VALUE]) expect(predictRow(stump, Float64Array.of(value))).toBe(0)
})

test('labels of one class are too few rows', () => {
  const bins = binFeatures(spec, columns, 600)
  expect(() => trainingSet(bins, { target: TRUE_OR_FALSE, label: new Float64Array(600), classWeight: 'none' })).toThrow(
    expect.objectContaining({ code: 'too_few_rows', details: expect.objectContaining({ value: '600 of 600' }) }),
  )
})
