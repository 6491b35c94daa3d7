import { expect, it } from 'vitest'
import { type FeatureReading, featureReading } from './feature-reading.ts'
import type { FeatureColumn } from './feature-spec.ts'

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
  expect(reading.translateColumn(1, Float64Array.of(2, 0, 1))).toEqual(Float64Array.of(0, Number.NaN, 1))
  expect(reading.translateColumn(0, Float64Array.of(7))).toEqual(Float64Array.of(7))
})

it('names what the definition no longer has, or has as another type', () => {
  const model = [column('gone'), column('a'), column('flag', { type: 'boolean' })]
  expect(featureReading(model, [column('a'), column('flag')])).toEqual({ lacking: ['v.gone', 'v.flag'] })
})
