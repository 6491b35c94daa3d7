import { describe, expect, it } from 'vitest'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { missingFeatures, predict, readableValues, type ScoringModel } from './predict.ts'

const features: FeatureSpec = [
  { name: 'v.fee', view: 'v', feature: 'fee', type: 'float', optional: false },
  { name: 'v.months', view: 'v', feature: 'months', type: 'int', optional: false },
  { name: 'v.tv', view: 'v', feature: 'tv', type: 'boolean', optional: true },
  { name: 'v.net', view: 'v', feature: 'net', type: 'category', optional: false, categories: ['DSL', 'No'] },
]
const model = (answer: number, threshold = 0.5): Omit<ScoringModel, 'model'> => ({
  features,
  threshold,
  probability: () => answer,
})
const row = Float64Array.of(29.85, 3, Number.NaN, 1)

describe('predict', () => {
  it('is class 1 above the threshold, and not at it', () => {
    expect(predict(model(0.5), row)).toEqual({ probability: 0.5, predicted: 0 })
    expect(predict(model(0.5 + Number.EPSILON), row)).toEqual({ probability: 0.5 + Number.EPSILON, predicted: 1 })
    expect(predict(model(0.3, 0.2), row).predicted).toBe(1)
  })

  it.each([0, 1])('takes %d for a probability', (p) => {
    expect(predict(model(p), row).probability).toBe(p)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e-9, 1 + Number.EPSILON])(
    'refuses the answer %d',
    (p) => {
      expect(() => predict(model(p), row)).toThrow(expect.objectContaining({ code: 'model_invalid_output' }))
    },
  )
})

it('misses only what may not be null', () => {
  expect(missingFeatures(features, row)).toEqual([])
  expect(missingFeatures(features, new Float64Array(4).fill(Number.NaN))).toEqual(['fee', 'months', 'net'])
})

it('shows booleans, categories and nulls as what they are', () => {
  expect(readableValues(features, row)).toEqual({ fee: 29.85, months: 3, tv: null, net: 'No' })
  expect(readableValues(features, Float64Array.of(0, 0, 0, 0))).toEqual({ fee: 0, months: 0, tv: false, net: 'DSL' })
})
