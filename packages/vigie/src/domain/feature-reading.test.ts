import { expect, it } from 'vitest'
import type { Expression } from './expression/expression.ts'
import { type FeatureReading, featureReading } from './feature-reading.ts'
import { type FeatureColumn, previousOf } from './feature-spec.ts'

const column = (feature: string, rest: Partial<FeatureColumn> = {}): FeatureColumn => ({
  name: `v.${feature}`,
  view: 'v',
  feature,
  type: 'float',
  optional: false,
  ...rest,
})
const plan = (...categories: string[]) => column('plan', { type: 'category', categories })

it('reads the same columns, in the order of the model, whatever else the definition has', () => {
  const reading = featureReading(
    [column('b'), column('a')],
    [column('a'), column('new'), column('b')],
  ) as FeatureReading
  expect(reading.columns.map(({ feature }) => feature)).toEqual(['b', 'a'])
  const row = Float64Array.of(1, 2)
  expect(reading.translate(row)).toBe(row)
})

it('takes whole numbers for numbers, and what may be null from the definition', () => {
  const reading = featureReading([column('a', { type: 'int' })], [column('a', { optional: true })]) as FeatureReading
  expect(reading.columns).toEqual([column('a', { optional: true })])
})

it('knows categories by their texts; a new one is null to an older model', () => {
  const reading = featureReading([column('a'), plan('x', 'y')], [plan('new', 'y', 'x'), column('a')]) as FeatureReading
  expect([0, 1, 2].map((code) => reading.translate(Float64Array.of(7, code))[1])).toEqual([Number.NaN, 1, 0])
  expect(reading.translate(Float64Array.of(7, Number.NaN))).toEqual(Float64Array.of(7, Number.NaN))
  const columns = [Float64Array.of(7, 7, 7), Float64Array.of(2, 0, 1)]
  const frame = { spec: reading.inputs, keys: ['a', 'b', 'c'], columns, label: null }
  expect(reading.translateInputs(frame).columns).toEqual([columns[0], Float64Array.of(0, Number.NaN, 1)])
})

const hours = column('hours', { type: 'int' })
const derived = (feature: string, expression: Expression) =>
  column(feature, { name: `derived.${feature}`, view: 'derived', optional: true, expression })
const twice = (of: FeatureColumn): Expression => ({
  op: 'multiply',
  left: { op: 'column', column: of },
  right: { op: 'constant', value: 2 },
})

it('what a model derives it derives by its own expression, whatever the definition derives under the name', () => {
  const model = [derived('d', twice(hours)), column('a')]
  const reading = featureReading(model, [column('a'), column('hours')]) as FeatureReading
  expect(reading.inputs).toEqual([column('hours'), column('a')])
  expect(reading.columns).toEqual(model)
  expect(reading.row(Float64Array.of(4, 1))).toEqual(Float64Array.of(8, 1))
})

it('an expression sees categories as its model does, and a caller sees them as they are', () => {
  const isY: Expression = { op: 'isEqual', of: { op: 'column', column: plan('x', 'y') }, value: 'y' }
  const model = [plan('x', 'y'), derived('is_y', isY)]
  const reading = featureReading(model, [plan('new', 'y', 'x')]) as FeatureReading
  const rows = [0, 1, 2].map((code) => reading.row(Float64Array.of(code)))
  expect(rows).toEqual([Float64Array.of(0, Number.NaN), Float64Array.of(1, 1), Float64Array.of(2, 0)])
  expect(rows.map((row) => reading.translate(row)[0])).toEqual([Number.NaN, 1, 0])
})

it('lacks the base columns of an expression, and the values before when nothing keeps them', () => {
  const model = [
    derived('d', twice(hours)),
    derived('e', twice(previousOf(hours))),
    derived('f', twice(column('gone'))),
  ]
  expect(featureReading(model, [hours])).toEqual({ lacking: ['v.hours@previous', 'v.gone'] })
})

it('names what the definition no longer has, or has as another type', () => {
  const model = [column('gone'), column('a'), column('flag', { type: 'boolean' })]
  expect(featureReading(model, [column('a'), column('flag')])).toEqual({ lacking: ['v.gone', 'v.flag'] })
})
