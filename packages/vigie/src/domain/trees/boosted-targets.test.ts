import { describe, expect, test } from 'vitest'
import { boostedHere } from '../../../test/boosted-here.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import type { Frame } from '../frame.ts'
import type { Target } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import { type GradientBoosting, gradientBoosting } from '../trainer.ts'
import { boostedRows } from './boosting.ts'
import { CATEGORY, FEATURE_MASK, type Forest, LEAF, NULL_LEFT } from './packed.ts'
import { forestColumns } from './score-forest.ts'

const spec: FeatureSpec = [
  { name: 'v.a', view: 'v', feature: 'a', type: 'float', optional: true },
  { name: 'v.b', view: 'v', feature: 'b', type: 'int', optional: true },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: true, categories: [...'abcdefghi'] },
]
const NUMBER: Target = { kind: 'number' }
const CLASSES: Target = { kind: 'classes', classes: ['low', 'middle', 'high', 'never'] }

type Rows = Frame & { readonly label: Float64Array }

/** Numbers that depend on every feature and on what is missing, in steps of a thousandth. */
function numbers(rows: number, seed: number, unit = 1): Rows {
  const random = seededRandom(seed)
  const nullable = (value: number): number => (random.unit() < 0.15 ? Number.NaN : value)
  const columns = [0, 1, 2].map(() => new Float64Array(rows))
  const label = Float64Array.from({ length: rows }, (_, i) => {
    const row = [random.below(100) / 10, random.below(6), random.below(9)] as const
    for (const [f, value] of row.entries()) columns[f]![i] = nullable(value)
    const missing = Number.isNaN(columns[1]![i]!) ? 4 : 0
    const y = row[0] / 2 + [0, 3, 1, 5, 2, 0, 4, 1, 3][row[2]]! + missing + 2 * random.unit()
    return (Math.round(1000 * y) / 1000) * unit
  })
  return { spec, keys: Array.from({ length: rows }, (_, i) => `user-${i}`), columns, label }
}

/** The same in three classes of about as many rows; a fourth never occurs. */
function classes(rows: number, seed: number): Rows {
  const made = numbers(rows, seed)
  return { ...made, label: made.label.map((y) => (y < 4.5 ? 0 : y < 6.5 ? 1 : 2)) }
}

const fit = (rows: Frame, target: Target, options: Partial<GradientBoosting> = {}, how = {}): Forest =>
  boostedHere(rows, target, gradientBoosting({ rounds: 20, minSamplesLeaf: 5, learningRate: 0.2, ...options }), how)

const scoresOf = (forest: Forest, { columns, keys }: Frame) => forestColumns(forest, columns, keys.length)

/** The first trees of a forest. */
function first(forest: Forest, trees: number): Forest {
  const end = forest.roots[trees] ?? forest.words.length / 4
  const words = forest.words.slice(0, 4 * end)
  return { ...forest, roots: forest.roots.slice(0, trees), words, values: new Float64Array(words.buffer) }
}

function lossOf(target: Target, scores: Float64Array, { label, weight }: Rows): number {
  const width = scores.length / label.length
  return label.reduce((sum, y, i) => {
    const loss = target.kind === 'number' ? (scores[i]! - y) ** 2 : -Math.log(scores[i * width + y]!)
    return sum + loss * (weight?.[i] ?? 1)
  }, 0)
}

describe.each<[string, Target, Rows, number]>([
  ['a number', NUMBER, numbers(800, 1), 1],
  ['several classes', CLASSES, classes(800, 1), 4],
])('boosting of %s', (_, target, rows, width) => {
  test('every round lowers the loss of the rows that its trees were grown on', () => {
    const forest = fit(rows, target)
    expect(forest.roots).toHaveLength(20 * width)
    const losses = Array.from({ length: 20 }, (_, i) =>
      lossOf(target, scoresOf(first(forest, (i + 1) * width), rows), rows),
    )
    for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]!)
  })

  test.each<Partial<GradientBoosting>>([{}, { rowFraction: 0.6, columnFraction: 0.7 }, { leaves: 31, l2: 1 }])(
    'the kernel and JavaScript give the same bytes: %o',
    (options) => {
      expect(fit(rows, target, options)).toEqual(fit(rows, target, options, { kernel: false }))
    },
  )

  test('splits are made on every feature, sets of categories and both sides for nulls among them', () => {
    const words = [...fit(rows, target, { leaves: 15 }).words].filter((word, i) => i % 4 === 2 && word !== LEAF)
    expect(new Set(words.map((word) => word & FEATURE_MASK))).toEqual(new Set([0, 1, 2]))
    expect(words.some((word) => (word & CATEGORY) !== 0)).toBe(true)
    expect(new Set(words.map((word) => word & NULL_LEFT)).size).toBe(2)
  })

  test('a row of weight 2 counts as two rows', () => {
    const weight = Float64Array.from(rows.keys, (_, i) => 1 + (i % 2))
    const twice = [...rows.keys.keys()].flatMap((i) => (i % 2 === 1 ? [i, i] : [i]))
    const take = (from: Float64Array): Float64Array => Float64Array.from(twice, (i) => from[i]!)
    const repeated = {
      spec,
      keys: twice.map((i) => `user-${i}`),
      columns: rows.columns.map(take),
      label: take(rows.label),
    }
    // What differs is how many rows a leaf has.
    const options = { rounds: 5, minSamplesLeaf: 1 }
    const weighted = scoresOf(fit({ ...rows, weight }, target, options), rows)
    scoresOf(fit(repeated, target, options), rows).forEach(
      (score, i) => void expect(score).toBeCloseTo(weighted[i]!, 6),
    )
    expect(weighted).not.toEqual(scoresOf(fit(rows, target, options), rows))
  })

  test('early stopping keeps the rounds with the least loss on the rows that it watches', () => {
    const earlyStopping = { rounds: 8, fraction: 0.4 }
    const options = { rounds: 300, leaves: 31, learningRate: 0.3 }
    const parts = boostedRows(rows.keys, earlyStopping)
    const stopped = fit(rows, target, { ...options, earlyStopping })
    const all = fit(rows, target, { ...options, rounds: 60 }, { rows: parts })
    const watched: Rows = {
      spec,
      keys: Array.from(parts.watched, String),
      columns: rows.columns.map((column) => Float64Array.from(parts.watched, (i) => column[i]!)),
      label: Float64Array.from(parts.watched, (i) => rows.label[i]!),
    }
    const kept = stopped.roots.length / width
    expect(kept).toBeLessThan(52)
    const losses = Array.from({ length: kept + 8 }, (_, i) =>
      lossOf(target, scoresOf(first(all, (i + 1) * width), watched), watched),
    )
    expect(losses.indexOf(Math.min(...losses))).toBe(kept - 1)
    expect(stopped.words).toEqual(first(all, kept * width).words)
  })

  test('nodes know how many rows came to them', () => {
    const forest = fit(rows, target)
    forest.roots.forEach((root) => void expect(forest.covers![root]).toBe(800))
    for (let node = 0; node < forest.words.length / 4; node++) {
      if (forest.words[4 * node + 2] === LEAF) continue
      const child = forest.words[4 * node + 3]!
      const tree = forest.roots.findLast((root) => root <= node)!
      expect(child).toBeGreaterThan(tree)
      expect(forest.covers![child]! + forest.covers![child + 1]!).toBe(forest.covers![node])
    }
  })

  test('labels that are all the same are refused, in each part of the rows', () => {
    const refused = expect.objectContaining({ code: 'too_few_rows' })
    expect(() => fit({ ...rows, label: new Float64Array(800).fill(2) }, target)).toThrow(refused)
    expect(() => fit(rows, target, { earlyStopping: { rounds: 5, fraction: 1e-9 } })).toThrow(refused)
  })
})

test('the first tree of a number holds the means of what is left, in whatever unit the number is', () => {
  const rows = numbers(800, 1)
  const one = fit(rows, NUMBER, { rounds: 1, learningRate: 1, leaves: 8 })
  const mean = rows.label.reduce((sum, y) => sum + y, 0) / 800
  expect(one.objective).toEqual({ kind: 'sum', base: expect.closeTo(mean, 12) })
  const scores = scoresOf(one, rows)
  expect(new Set(scores).size).toBe(8)
  for (const score of new Set(scores)) {
    const labels = rows.label.filter((_, i) => scores[i] === score)
    expect(score).toBeCloseTo(labels.reduce((sum, y) => sum + y, 0) / labels.length, 9)
  }
  for (const unit of [2 ** 40, 2 ** -40]) {
    const other = scoresOf(fit(numbers(800, 1, unit), NUMBER), rows)
    expect(other.map((score) => score / unit)).toEqual(scoresOf(fit(rows, NUMBER), rows))
  }
})

test('the first trees of classes are Newton steps from their shares, and answers are probabilities', () => {
  const rows = classes(800, 1)
  const one = fit(rows, CLASSES, { rounds: 1, learningRate: 1, leaves: 8 })
  const shares = [0, 1, 2].map((k) => rows.label.filter((y) => y === k).length / 800)
  expect(one.objective).toEqual({
    kind: 'softmax',
    bases: [...shares.map((share) => expect.closeTo(Math.log(share), 12)), Math.log(1e-15)],
  })
  const steps = shares.map((_, k) => {
    const { roots, words, values } = one
    const end = roots[k + 1] ?? words.length / 4
    return Array.from({ length: end - roots[k]! }, (_, i) => roots[k]! + i)
      .filter((node) => words[4 * node + 2] === LEAF)
      .map((node) => ({ step: values[2 * node]!, rows: one.covers![node]! }))
  })
  steps.forEach((leaves, k) => {
    // Gradients add up to zero over all rows, and second derivatives are the same for each of them.
    expect(leaves.reduce((sum, { step, rows: inLeaf }) => sum + step * inLeaf, 0)).toBeCloseTo(0, 6)
    const share = shares[k]!
    const pure = (1 - share) / ((4 / 3) * share * (1 - share))
    for (const { step } of leaves) expect(step).toBeLessThanOrEqual(pure + 1e-9)
  })
  const scores = scoresOf(one, rows)
  for (let i = 0; i < 800; i++) {
    const row = scores.subarray(4 * i, 4 * i + 4)
    expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
    expect(row[3]).toBeLessThan(1e-9)
  }
})

test('classes of equal weight begin alike, and weights by name begin as they say', () => {
  const made = classes(800, 1)
  const rare = { ...made, label: made.label.map((y, i) => (i % 5 === 0 ? y : 0)) }
  const bases = (classWeight: GradientBoosting['classWeight']): readonly number[] => {
    const { objective } = fit(rare, CLASSES, { rounds: 1, classWeight })
    return objective?.kind === 'softmax' ? objective.bases : []
  }
  for (const base of bases('balanced').slice(0, 3)) expect(base).toBeCloseTo(Math.log(1 / 3), 12)
  const [low, middle] = [bases('none'), bases({ middle: 10 })]
  expect(middle[1]! - middle[0]!).toBeCloseTo(low[1]! - low[0]! + Math.log(10), 12)
})

test('a number never falls with a feature that may only raise it, and classes have no such feature', () => {
  const rows = numbers(800, 3)
  const monotone = { 'v.a': 'decreasing', 'v.b': 'increasing' } as const
  const forest = fit(rows, NUMBER, { rounds: 40, leaves: 31, monotone })
  const random = seededRandom(4)
  for (let i = 0; i < 500; i++) {
    const [a, b, c] = [random.unit() * 10, random.below(5), random.below(9)]
    const at = (aValue: number, bValue: number): number =>
      forestColumns(
        forest,
        [aValue, bValue, c].map((value) => Float64Array.of(value)),
        1,
      )[0]!
    expect(at(a + random.unit(), b)).toBeLessThanOrEqual(at(a, b))
    expect(at(a, b + 1)).toBeGreaterThanOrEqual(at(a, b))
  }
  expect(() => fit(classes(800, 3), CLASSES, { monotone })).toThrow(
    expect.objectContaining({ code: 'definition_invalid' }),
  )
})
