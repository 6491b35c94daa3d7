import { describe, expect, it } from 'vitest'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import { type Target, TRUE_OR_FALSE } from '../domain/model/target.ts'
import { missingFeatures, predict, readableValues, type ScoringModel } from './predict.ts'

const features: FeatureSpec = [
  { name: 'v.fee', view: 'v', feature: 'fee', type: 'float', optional: false },
  { name: 'v.months', view: 'v', feature: 'months', type: 'int', optional: false },
  { name: 'v.tv', view: 'v', feature: 'tv', type: 'boolean', optional: true },
  { name: 'v.net', view: 'v', feature: 'net', type: 'category', optional: false, categories: ['DSL', 'No'] },
]
const model = (answer: number, threshold = 0.5): Omit<ScoringModel, 'model'> => ({
  features,
  target: TRUE_OR_FALSE,
  threshold,
  answers: () => Float64Array.of(answer),
  later: null,
  close: async () => undefined,
})
const row = Float64Array.of(29.85, 3, Number.NaN, 1)

describe('predict', () => {
  it('is class 1 above the threshold, and not at it', () => {
    expect(predict(model(0.5), row)).toEqual({ probability: 0.5, predicted: 0 })
    expect(predict(model(0.5 + Number.EPSILON), row)).toEqual({ probability: 0.5 + Number.EPSILON, predicted: 1 })
    expect(predict(model(0.3, 0.2), row)).toEqual({ probability: 0.3, predicted: 1 })
  })

  it.each([0, 1])('takes %d for a probability', (p) => {
    expect(predict(model(p), row)).toEqual({ probability: p, predicted: p })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e-9, 1 + Number.EPSILON])(
    'refuses the answer %d',
    (p) => {
      expect(() => predict(model(p), row)).toThrow(expect.objectContaining({ code: 'model_invalid_output' }))
    },
  )

  const other = (target: Target, ...answers: number[]) => ({
    features,
    target,
    threshold: null,
    answers: () => Float64Array.from(answers),
  })
  const plans: Target = { kind: 'classes', classes: ['basic', 'plus', 'all'] }

  it('names the likeliest of several classes, the first of equals', () => {
    expect(predict(other(plans, 0.2, 0.4, 0.4), row)).toEqual({
      predicted: 'plus',
      probabilities: { basic: 0.2, plus: 0.4, all: 0.4 },
    })
  })

  it('names two classes that are no boolean', () => {
    const target: Target = { kind: 'binary', classes: ['stays', 'leaves'] }
    expect(predict({ ...other(target, 0.25), threshold: 0.2 }, row)).toEqual({
      predicted: 'leaves',
      probabilities: { stays: 0.75, leaves: 0.25 },
    })
  })

  it('gives a number as it is', () => {
    expect(predict(other({ kind: 'number' }, -3.5), row)).toEqual({ predicted: -3.5 })
  })

  it.each([
    ['a probability of a class that is none', other(plans, 0.5, 0.5, Number.NaN)],
    ['a number that is not finite', other({ kind: 'number' }, Number.POSITIVE_INFINITY)],
  ])('refuses %s', (_, model) => {
    expect(() => predict(model, row)).toThrow(expect.objectContaining({ code: 'model_invalid_output' }))
  })
})

it('misses only what may not be null', () => {
  expect(missingFeatures(features, row)).toEqual([])
  expect(missingFeatures(features, new Float64Array(4).fill(Number.NaN))).toEqual(['fee', 'months', 'net'])
})

it('shows booleans, categories and nulls as what they are', () => {
  expect(readableValues(features, row)).toEqual({ fee: 29.85, months: 3, tv: null, net: 'No' })
  expect(readableValues(features, Float64Array.of(0, 0, 0, 0))).toEqual({ fee: 0, months: 0, tv: false, net: 'DSL' })
})
