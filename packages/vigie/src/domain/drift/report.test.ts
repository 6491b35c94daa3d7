import { expect, test } from 'vitest'
import type { FeatureColumn } from '../feature-spec.ts'
import type { Frame } from '../frame.ts'
import { driftReport } from './report.ts'

type Values = readonly (number | null)[]

function frame(
  columns: Readonly<Record<string, Partial<FeatureColumn> & { readonly values: Values }>>,
  label: readonly number[] | null = null,
): Frame {
  const spec = Object.entries(columns).map(
    ([name, { values: _, ...rest }]): FeatureColumn => ({
      name,
      view: 'v',
      feature: name,
      type: 'float',
      optional: true,
      ...rest,
    }),
  )
  const data = Object.values(columns).map(({ values }) => Float64Array.from(values, (value) => value ?? Number.NaN))
  const rows = data[0]?.length ?? 0
  return {
    spec,
    keys: Array.from({ length: rows }, (_, i) => String(i)),
    columns: data,
    label: label && Float64Array.from(label),
  }
}

const many = (n: number, value: (i: number) => number | null): Values => Array.from({ length: n }, (_, i) => value(i))

test('identical periods have score 0 and share 0', () => {
  const same = frame({ a: { values: many(2000, (i) => i % 50) }, b: { type: 'int', values: many(2000, (i) => i % 3) } })
  const report = driftReport({ reference: same, current: same })
  expect(report.features.map(({ test, score, drifted }) => ({ test, score, drifted }))).toEqual([
    { test: 'wasserstein', score: 0, drifted: false },
    { test: 'jensenshannon', score: 0, drifted: false },
  ])
  expect(report.share).toBe(0)
})

test('share counts the model features, the reference way counts label and key too', () => {
  const reference = frame({ a: { values: many(2000, (i) => i) }, b: { values: many(2000, (i) => i) } }, [0, 1])
  const current = frame({ a: { values: many(2000, (i) => i + 900) }, b: { values: many(2000, (i) => i) } }, [1, 1])
  const report = driftReport({ reference, current })
  expect(report.features.map(({ drifted }) => drifted)).toEqual([true, false])
  expect(report.share).toBe(1 / 2)
  expect(report.referenceShare).toBe((1 + Number(report.label!.drifted)) / 4)
  expect(report.targetDrift).toEqual({ referenceRate: 0.5, currentRate: 1, difference: 0.5 })
})

test('without labels there is no target drift, and the reference way has no value', () => {
  const one = frame({ a: { values: [1, 2, 3] } })
  const report = driftReport({ reference: one, current: one })
  expect(report).toMatchObject({ label: null, targetDrift: null, referenceShare: null, share: 0 })
})

test('a column without values on one side is listed and counts neither as drifted nor as stayed', () => {
  const reference = frame({ a: { values: [null, null] }, b: { values: [1, 2] } })
  const current = frame({ a: { values: [1, 2] }, b: { values: [1, 2] } })
  const report = driftReport({ reference, current })
  expect(report.notTestable).toEqual([
    { name: 'a', code: 'column_without_values', why: 'none of 2 reference rows has a value' },
  ])
  expect(report.features.map(({ name }) => name)).toEqual(['b'])
  expect(report.share).toBe(0)
})

test('when nothing can be judged the share is null, not 0', () => {
  const empty = frame({ a: { values: [] } })
  const report = driftReport({ reference: empty, current: empty })
  expect(report.share).toBeNull()
  expect(report.notTestable[0]!.why).toBe('none of 0 reference rows and none of 0 current rows has a value')
})

test('one row a side can be judged', () => {
  const report = driftReport({ reference: frame({ a: { values: [1] } }), current: frame({ a: { values: [2] } }) })
  expect(report.features[0]).toMatchObject({ test: 'z', drifted: false })
})

test('a constant that stays has not drifted, one that changes has', () => {
  const at = (value: number) => frame({ a: { values: many(2000, () => value) } })
  expect(driftReport({ reference: at(7), current: at(7) }).features[0]).toMatchObject({ score: 0, drifted: false })
  const changed = driftReport({ reference: at(7), current: at(8) }).features[0]!
  expect(changed.score).toBeCloseTo(Math.sqrt(Math.log(2)), 12)
  expect(changed.picture).toEqual({ kind: 'values', values: [7, 8], reference: [1, 0], current: [0, 1] })
})

test('a new category drifts, and nulls are dropped and counted', () => {
  const category = (values: Values) => frame({ a: { type: 'category', categories: ['x', 'y', 'z'], values } })
  const report = driftReport({
    reference: category(many(100, (i) => (i < 20 ? null : i % 2))),
    current: category(many(100, (i) => (i < 40 ? null : i % 3))),
  })
  const feature = report.features[0]!
  expect(feature).toMatchObject({ test: 'chisquare', score: 0, drifted: true })
  expect([feature.reference.nulls, feature.current.nulls]).toEqual([20, 40])
  expect(feature.picture).toMatchObject({ kind: 'labels', reference: [0.5, 0.5, 0], added: 1, more: null })
})

test('ten thousand categories are judged, and the picture lists the largest', () => {
  const categories = Array.from({ length: 10_000 }, (_, i) => `c${i}`)
  const codes = frame({ a: { type: 'category', categories, values: many(20_000, (i) => i % 10_000) } })
  const { picture, drifted } = driftReport({ reference: codes, current: codes }).features[0]!
  expect(drifted).toBe(false)
  expect(picture).toMatchObject({ kind: 'labels', more: { count: 9980, reference: expect.closeTo(0.998, 9) } })
})

test('a category and a boolean are drawn by their names', () => {
  const both = frame({
    a: { type: 'boolean', values: [0, 1, 1] },
    b: { type: 'category', categories: ['x', 'y'], values: [1, 1, 0] },
  })
  const { features } = driftReport({ reference: both, current: both })
  expect(features.map(({ picture }) => picture.kind === 'labels' && picture.labels)).toEqual([
    ['true', 'false'],
    ['y', 'x'],
  ])
})

test('a score beyond float64 is no reading', () => {
  const huge = frame({ a: { values: many(2000, (i) => (i === 0 ? 1.7e308 : -1.7e308 + i * 1e300)) } })
  const report = driftReport({ reference: huge, current: huge })
  expect(report.notTestable.map(({ code }) => code)).toEqual(['score_not_finite'])
})

test('the report survives JSON unchanged', () => {
  const rows = frame({ a: { values: many(1500, (i) => Math.sin(i)) } }, [0, 1, 1])
  const report = driftReport({ reference: rows, current: rows })
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
})

test('periods with different columns are refused', () => {
  expect(() =>
    driftReport({ reference: frame({ a: { values: [1] } }), current: frame({ b: { values: [1] } }) }),
  ).toThrow(expect.objectContaining({ code: 'feature_spec_mismatch' }))
})
