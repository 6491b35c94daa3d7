import { describe, expect, test } from 'vitest'
import type { FeatureSpec } from '../domain/feature-spec.ts'
import type { Target } from '../domain/model/target.ts'
import {
  between,
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  oneOf,
  randomForest,
  type Trainer,
  tuned,
  wholeBetween,
} from '../domain/trainer.ts'
import { checkTrainer } from './check-trainer.ts'

const features: FeatureSpec = [
  { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: false },
  { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: false, categories: ['a', 'b'] },
]
const binary: Target = { kind: 'binary', classes: ['no', 'yes'] }
const number: Target = { kind: 'number' }

describe('a trainer is taken as it is', () => {
  test.each<[string, Trainer, Target]>([
    ['a weighted forest', randomForest({ classWeight: { yes: 3 } }), binary],
    ['a logistic regression', logisticRegression({ C: 0.5 }), binary],
    ['least squares', linearRegression({ l2: 0 }), number],
    ['a forest for numbers', randomForest(), number],
    ['calibrated boosting', calibrated(gradientBoosting({ monotone: { 'v.x': 'increasing' } })), binary],
    [
      'a search among trainers',
      calibrated(
        tuned(
          [
            logisticRegression(),
            tuned(gradientBoosting(), {
              leaves: wholeBetween(4, 64, 'log'),
              earlyStopping: oneOf(null, { rounds: 20, fraction: 0.2 }),
            }),
          ],
          { metric: 'logLoss', trials: 8 },
        ),
      ),
      binary,
    ],
  ])('%s', (_, trainer, target) => {
    expect(checkTrainer(trainer, features, target)).toBe(trainer)
  })
})

describe('a mistake is named', () => {
  const forest = randomForest()
  test.each<[string, Trainer, Target, RegExp]>([
    ['logistic regression of numbers', logisticRegression(), number, /a label of numbers/],
    ['linear regression of classes', linearRegression(), binary, /a label of classes/],
    ['no penalty', logisticRegression({ l2: 0 }), binary, /l2: 0/],
    ['C of 0', logisticRegression({ C: 0 }), binary, /l2: Infinity/],
    ['a tolerance of 1', linearRegression({ tolerance: 1 }), number, /tolerance: 1/],
    ['a weight for a class that is not there', randomForest({ classWeight: { maybe: 2 } }), binary, /maybe/],
    ['a weight of 0', randomForest({ classWeight: { yes: 0 } }), binary, /yes.*: 0/],
    ['weights of classes for numbers', randomForest({ classWeight: 'balanced' }), number, /classWeight: balanced/],
    ['calibrated numbers', calibrated(forest), number, /label that is a number/],
    ['one fold', calibrated(forest, { folds: 1 }), binary, /folds: 1/],
    ['a search among nothing', tuned([]), binary, /has none/],
    ['fewer trials than trainers', tuned([forest, logisticRegression()], { trials: 1 }), binary, /trials: 1/],
    ['a metric of other labels', tuned(forest, {}, { metric: 'rmse' }), binary, /metric: rmse/],
    ['a range that falls', tuned(gradientBoosting(), { l2: between(2, 1) }), binary, /from 2 to 1/],
    ['a log range from 0', tuned(gradientBoosting(), { l2: between(0, 1, 'log') }), binary, /begins at 0/],
    ['a range of halves', tuned(forest, { trees: wholeBetween(0.5, 3) }), binary, /from 0.5 to 3/],
    ['no values', tuned(forest, { trees: oneOf() }), binary, /oneOf\(\)/],
    [
      'a range that leaves what is legal',
      tuned(gradientBoosting(), { learningRate: between(0.1, 2) }),
      binary,
      /learningRate: 2/,
    ],
    ['an illegal value among others', tuned(forest, { trees: oneOf(10, 0) }), binary, /trees: 0/],
    ['a mistake in a trainer of a search', calibrated(tuned(randomForest({ trees: 0 }), {})), binary, /trees: 0/],
  ])('%s', (_, trainer, target, told) => {
    expect(() => checkTrainer(trainer, features, target)).toThrow(
      expect.objectContaining({ code: 'definition_invalid', message: expect.stringMatching(told) }),
    )
  })

  test('a space of a parameter that there is not, which types would have seen', () => {
    const space = { depth: oneOf(1) } as object
    expect(() => checkTrainer(tuned(forest, space), features, binary)).toThrow(/randomForest has no "depth"/)
  })
})
