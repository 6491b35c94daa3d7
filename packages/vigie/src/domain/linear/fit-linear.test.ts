import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FeatureSpec } from '../feature-spec.ts'
import { outputWidth, type Target } from '../model/target.ts'
import { seededRandom } from '../random.ts'
import { fitLinear } from './fit-linear.ts'
import { linearLength, linearOver, linearProblem, linearRow, packLinear } from './linear.ts'

interface Fixture {
  readonly columns: readonly (readonly (number | null)[])[]
  readonly weight: readonly number[]
  readonly labels: Readonly<Record<Target['kind'], readonly number[]>>
  readonly coefficients: Readonly<Record<string, readonly (readonly number[])[]>>
}
const theirs: Fixture = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-linear.json', import.meta.url), 'utf8'),
)

const features: FeatureSpec = [
  { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: false },
  { name: 'v.z', view: 'v', feature: 'z', type: 'float', optional: true },
  { name: 'v.b', view: 'v', feature: 'b', type: 'boolean', optional: false },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: true, categories: ['p', 'q', 'r'] },
]
const columns = theirs.columns.map((column) => Float64Array.from(column, (x) => x ?? Number.NaN))
const targets = {
  binary: { kind: 'binary', classes: ['false', 'true'] },
  classes: { kind: 'classes', classes: ['a', 'b', 'c'] },
  number: { kind: 'number' },
} as const satisfies Record<string, Target>
const exact = { maxIterations: 100, tolerance: 1e-10 }

function rows(kind: Target['kind'], weight: Float64Array | null = null) {
  return { features, columns, label: Float64Array.from(theirs.labels[kind]), weight }
}

function balanced(): Float64Array {
  const label = theirs.labels.binary
  const ones = label.reduce((sum, y) => sum + y, 0)
  return Float64Array.from(label, (y) => label.length / (2 * (y === 1 ? ones : label.length - ones)))
}

describe('coefficients are those of scikit-learn', () => {
  const weight = Float64Array.from(theirs.weight)
  test.each([
    ['binary', 'binary', 1, null],
    ['binary, little penalty', 'binary', 0.01, null],
    ['binary, weighted', 'binary', 1, weight],
    ['binary, balanced', 'binary', 1, balanced()],
    ['classes', 'classes', 1, null],
    ['classes, weighted', 'classes', 2, weight],
    ['number', 'number', 1, null],
    ['number, weighted', 'number', 5, weight],
  ] as const)('%s', (name, kind, l2, weights) => {
    const { coefficients, terms } = fitLinear(rows(kind, weights), targets[kind], { l2, ...exact })
    const expected = theirs.coefficients[name]!
    // Only differences of the intercepts of several classes have a meaning.
    const shift = kind === 'classes' ? expected.reduce((sum, [intercept]) => sum + intercept!, 0) / expected.length : 0
    for (const [k, row] of expected.entries()) {
      for (const [i, value] of row.entries()) {
        const ours = coefficients[k * (1 + terms.count) + i]!
        expect(Math.abs(ours - (i === 0 ? value - shift : value))).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)))
      }
    }
  })
})

const fitted = fitLinear(rows('classes'), targets.classes, { l2: 1, ...exact })

test('a model is the same after it was written and read', () => {
  const values = packLinear(fitted)
  expect(values).toHaveLength(linearLength(features, targets.classes))
  expect(linearOver(values, features, targets.classes)).toEqual(fitted)
})

test('probabilities of several classes add up to 1, whatever is null', () => {
  const out = new Float64Array(3)
  for (const row of [
    [50, 1, 0, 1],
    [1e6, Number.NaN, 1, Number.NaN],
  ]) {
    linearRow(fitted, Float64Array.from(row), out)
    expect(out[0]! + out[1]! + out[2]!).toBeCloseTo(1, 12)
  }
})

test('a class that no row has is never answered', () => {
  const label = Float64Array.from(theirs.labels.classes, (y) => (y === 1 ? 3 : y))
  const target: Target = { kind: 'classes', classes: ['a', 'b', 'c', 'd'] }
  const model = fitLinear({ features, columns, label, weight: null }, target, { l2: 1, ...exact })
  const out = new Float64Array(outputWidth(target))
  linearRow(model, Float64Array.of(50, 1, 0, 1), out)
  expect(out[1]).toBe(0)
  expect(out[0]! + out[2]! + out[3]!).toBeCloseTo(1, 12)
})

test('columns that say the same twice share their weight, and a constant one has none', () => {
  const random = seededRandom(1)
  const x = Float64Array.from({ length: 200 }, () => random.unit())
  const label = x.map((v) => Number(v + random.unit() > 1))
  const spec = ['a', 'b', 'c'].map((feature) => ({ ...features[0]!, name: `v.${feature}`, feature }))
  const { coefficients } = fitLinear(
    { features: spec, columns: [x, x.slice(), new Float64Array(200).fill(0.1 + 0.2)], label, weight: null },
    targets.binary,
    { l2: 1, ...exact },
  )
  expect(coefficients[1]).toBeCloseTo(coefficients[2]!, 9)
  expect(coefficients[3]).toBeCloseTo(0, 15)
})

/** Columns that are hard to fit: of any scale, nearly the same as others, constant, with outliers and nulls. */
function hardRows(seed: number) {
  const random = seededRandom(seed)
  const rows = 20 + random.below(200)
  const hidden = Float64Array.from({ length: rows }, () => random.unit())
  const size = 10 ** (random.below(20) - 10)
  const numbers = [
    hidden.map((x) => x * size),
    hidden.map((x) => x * size + random.unit() * 1e-6),
    Float64Array.from({ length: rows }, () => (random.unit() < 0.02 ? 1e9 : random.unit())),
    hidden.map((x) => (x < 0.3 ? Number.NaN : 1)),
  ]
  const spec = numbers.map((_, f) => ({ ...features[1]!, name: `v.${f}`, feature: `${f}` }))
  const labels = {
    binary: hidden.map((x) => Number(x > 0.5)),
    classes: hidden.map((x) => Math.floor(x * 2.999)),
    number: hidden.map((x) => 1e6 + 1e3 * x + random.unit()),
  }
  const weight = Float64Array.from({ length: rows }, () => 0.01 + 100 * random.unit() ** 4)
  return { labels, rows: { features: spec, columns: numbers, weight: seed % 2 === 0 ? weight : null } }
}

test('a fit settles whatever the columns are, also of classes that can be told apart', () => {
  for (let seed = 0; seed < 60; seed++) {
    const { rows: hard, labels } = hardRows(seed)
    for (const kind of ['binary', 'classes', 'number'] as const) {
      for (const l2 of [1, 1e-6]) {
        const { coefficients } = fitLinear({ ...hard, label: labels[kind] }, targets[kind], {
          l2,
          maxIterations: 100,
          tolerance: 1e-8,
        })
        expect(coefficients.every(Number.isFinite)).toBe(true)
      }
    }
  }
})

test('rows of one class and fits that do not settle are refused', () => {
  const label = new Float64Array(columns[0]!.length)
  const one = { ...rows('binary'), label }
  expect(() => fitLinear(one, targets.binary, { l2: 1, ...exact })).toThrow(
    expect.objectContaining({ code: 'too_few_rows' }),
  )
  expect(() => fitLinear(rows('binary'), targets.binary, { l2: 1, maxIterations: 1, tolerance: 1e-12 })).toThrow(
    expect.objectContaining({ code: 'fit_not_converged' }),
  )
})

test.each([
  ['a scale of 0', features.length, 0],
  ['a coefficient that is no number', 2 * features.length + 3, Number.NaN],
  ['a centre that is infinite', 0, Number.POSITIVE_INFINITY],
  ['a scaled category', features.length + 3, 2],
  ['a centred category', 3, 1],
])('%s is a problem', (_, place, value) => {
  const values = packLinear(fitted)
  expect(linearProblem(linearOver(values, features, targets.classes))).toBeNull()
  values[place] = value
  expect(linearProblem(linearOver(values, features, targets.classes))).not.toBeNull()
})
