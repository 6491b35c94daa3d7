import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Target } from '../model/target.ts'
import { calibrate, calibrationLength, calibrationProblem, isCalibrationShape } from './calibration.ts'
import { fitCalibration } from './fit-calibration.ts'
import { interpolate } from './interpolate.ts'
import { isotonicCurve } from './isotonic.ts'
import { plattSigmoid } from './platt.ts'

interface Fixture {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly weight: readonly number[] | null
  readonly isotonic: { readonly x: readonly number[]; readonly y: readonly number[] }
  readonly asked: readonly number[]
  readonly isotonicAnswers: readonly number[]
  readonly sigmoid: { readonly scikitLearn: readonly number[]; readonly polished: readonly number[] }
}
const cases: readonly Fixture[] = JSON.parse(
  readFileSync(new URL('./fixtures/scikit-learn-calibration.json', import.meta.url), 'utf8'),
)

const binary: Target = { kind: 'binary', classes: ['false', 'true'] }
const three: Target = { kind: 'classes', classes: ['a', 'b', 'c'] }

describe.each(cases.map((fixture, i) => [i, fixture] as const))('case %i of scikit-learn', (_, fixture) => {
  const x = Float64Array.from(fixture.x)
  const y = Float64Array.from(fixture.y)
  const weight = fixture.weight && Float64Array.from(fixture.weight)

  test('isotonic regression has its points and its answers', () => {
    const curve = isotonicCurve(x, y, weight)
    expect(curve.x).toEqual(Float64Array.from(fixture.isotonic.x))
    for (const [i, height] of fixture.isotonic.y.entries()) expect(curve.y[i]).toBeCloseTo(height, 12)
    const points = Float64Array.from([...curve.x, ...curve.y])
    for (const [i, asked] of fixture.asked.entries()) {
      expect(interpolate(points, 0, curve.x.length, asked)).toBeCloseTo(fixture.isotonicAnswers[i]!, 12)
    }
  })

  test("Platt's sigmoid is the same function", () => {
    const { slope, intercept } = plattSigmoid(x, y, weight)
    const { scikitLearn, polished } = fixture.sigmoid
    expect(Math.abs(slope - polished[0]!)).toBeLessThan(1e-6)
    expect(Math.abs(intercept - polished[1]!)).toBeLessThan(1e-6)
    // Its own optimiser ends a little before the minimum.
    expect(Math.abs(slope - scikitLearn[0]!)).toBeLessThan(1e-3)
  })
})

const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean()), { minLength: 2, maxLength: 60 })

test.each(['isotonic', 'platt'] as const)('%s never turns two scores around, and gives probabilities', (method) => {
  fc.assert(
    fc.property(scores, (rows) => {
      fc.pre(rows.some(([, y]) => y) && rows.some(([, y]) => !y))
      const x = Float64Array.from(rows, ([score]) => score / 30)
      const y = Float64Array.from(rows, ([, label]) => Number(label))
      const fitted = fitCalibration(method, 'score', x, y, null, binary)
      expect(isCalibrationShape(fitted.shape, binary)).toBe(true)
      expect(fitted.values).toHaveLength(calibrationLength(fitted.shape, binary))
      expect(calibrationProblem(fitted)).toBeNull()
      let before = 0
      for (let i = 0; i <= 100; i++) {
        const p = Float64Array.of(i / 100)
        calibrate(fitted, p)
        expect(p[0]).toBeGreaterThanOrEqual(before)
        expect(p[0]).toBeLessThanOrEqual(1)
        before = p[0]!
      }
    }),
    { numRuns: 100 },
  )
})

test('several classes are calibrated one against the rest, and add up to 1', () => {
  const raw = Float64Array.from([0.7, 0.2, 0.1, 0.2, 0.6, 0.2, 0.1, 0.3, 0.6, 0.5, 0.3, 0.2])
  const fitted = fitCalibration('isotonic', 'score', raw, Float64Array.of(0, 1, 2, 1), null, three)
  for (let row = 0; row < 4; row++) {
    const out = raw.slice(3 * row, 3 * row + 3)
    calibrate(fitted, out)
    expect(out[0]! + out[1]! + out[2]!).toBeCloseTo(1, 12)
  }
  const nothing = Float64Array.of(0, 0, 0)
  calibrate({ shape: { kind: 'isotonic', points: [1, 1, 1] }, values: Float64Array.of(0, 0, 0, 0, 0, 0) }, nothing)
  expect([...nothing]).toEqual([1 / 3, 1 / 3, 1 / 3])
})

test.each<[string, unknown]>([
  ['an unknown method', { kind: 'beta' }],
  ["Platt's sigmoid of something else", { kind: 'platt', of: 'margin' }],
  ['a field too many', { kind: 'platt', of: 'score', points: [1] }],
  ['curves of other outputs', { kind: 'isotonic', points: [2, 2] }],
  ['no points', { kind: 'isotonic', points: [0] }],
  ['points that are no number', { kind: 'isotonic', points: ['2'] }],
  ['nothing', null],
])('%s is no shape', (_, shape) => {
  expect(isCalibrationShape(shape, binary)).toBe(false)
})

test('numbers have no calibration', () => {
  expect(isCalibrationShape({ kind: 'platt', of: 'score' }, { kind: 'number' })).toBe(false)
})

test.each<[string, number[]]>([
  ['places that fall', [0.5, 0.4, 0.1, 0.2]],
  ['two points at one place', [0.5, 0.5, 0.1, 0.2]],
  ['heights that fall', [0.1, 0.2, 0.6, 0.5]],
  ['a height above 1', [0.1, 0.2, 0.6, 1.5]],
  ['no number', [0.1, Number.NaN, 0.6, 0.7]],
])('%s are a problem', (_, values) => {
  expect(
    calibrationProblem({ shape: { kind: 'isotonic', points: [2] }, values: Float64Array.from(values) }),
  ).not.toBeNull()
})

test.each([
  [-1, 0],
  [Number.NaN, 0],
  [1, Number.POSITIVE_INFINITY],
])('a sigmoid of slope %d and intercept %d is a problem', (slope, intercept) => {
  expect(
    calibrationProblem({ shape: { kind: 'platt', of: 'score' }, values: Float64Array.of(slope, intercept) }),
  ).not.toBeNull()
})
