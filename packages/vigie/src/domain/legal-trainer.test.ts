import { describe, expect, test } from 'vitest'
import { isLegalTrainer } from './legal-trainer.ts'
import {
  between,
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  plainTrainer,
  randomForest,
  type Tuned,
  tuned,
  wholeBetween,
} from './trainer.ts'

const boosting = gradientBoosting({ monotone: { 'v.x': 'increasing' }, earlyStopping: { rounds: 10, fraction: 0.1 } })
const search = tuned(boosting, { learningRate: between(0.01, 0.1, 'log'), leaves: wholeBetween(4, 32) })
const found: Tuned = {
  ...search,
  found: {
    trainer: boosting,
    metric: 'auc',
    trials: [{ candidate: 0, parameters: {}, folds: [0.8, 0.7] }],
    chosen: 0,
  },
}

test.each([
  ['a forest', randomForest({ classWeight: { no: 1, yes: 7.5 } })],
  ['boosting', boosting],
  ['a logistic regression', logisticRegression({ C: 4 })],
  ['a linear regression', linearRegression({ l2: 0 })],
  ['a search', search],
  ['a search that is over', found],
  ['several searches', tuned([randomForest(), search], { trials: 10, metric: 'logLoss' })],
  ['a calibrated search', calibrated(found, { method: 'platt' })],
])('%s is legal as it was written, and after it was read', (_, trainer) => {
  expect(isLegalTrainer(trainer)).toBe(true)
  expect(isLegalTrainer(JSON.parse(JSON.stringify(trainer)))).toBe(true)
})

describe('what is refused', () => {
  test.each<[string, unknown]>([
    ['nothing', null],
    ['an unknown kind', { kind: 'toString' }],
    ['a field too many', { ...randomForest(), more: 1 }],
    ['a field too few', { kind: 'randomForest' }],
    ['trees by the half', randomForest({ trees: 1.5 })],
    ['a weight of 0', randomForest({ classWeight: { yes: 0 } })],
    ['weights that are texts', { ...randomForest(), classWeight: { yes: '2' } }],
    ['an infinite penalty', logisticRegression({ l2: Number.POSITIVE_INFINITY })],
    ['a tolerance of 0', linearRegression({ tolerance: 0 })],
    ['one fold', calibrated(randomForest(), { folds: 1 })],
    ['an unknown method', { ...calibrated(randomForest()), method: 'beta' }],
    ['a calibration of a calibration', { ...calibrated(randomForest()), trainer: calibrated(randomForest()) }],
    ['a search among none', tuned([])],
    [
      'a search of what its trainer does not have',
      { ...search, candidates: [{ trainer: randomForest(), space: search.candidates[0]!.space }] },
    ],
    ['a search in a search', { ...search, candidates: [{ trainer: search, space: {} }] }],
    [
      'a choice of another kind',
      { ...search, candidates: [{ trainer: boosting, space: { leaves: { kind: 'near' } } }] },
    ],
    ['a metric that is none', { ...search, metric: 'gini' }],
    [
      'a trial of a trainer that is not there',
      { ...found, found: { ...found.found, trials: [{ candidate: 1, parameters: {}, folds: [] }] } },
    ],
    ['a choice that was not tried', { ...found, found: { ...found.found, chosen: 1 } }],
    [
      'a fold without a number',
      { ...found, found: { ...found.found, trials: [{ candidate: 0, parameters: {}, folds: [null] }] } },
    ],
  ])('%s', (_, trainer) => {
    expect(isLegalTrainer(trainer)).toBe(false)
  })
})

test('the trainer that fits the model in the end is the innermost that was chosen', () => {
  expect(plainTrainer(boosting)).toBe(boosting)
  expect(plainTrainer(search)).toBeNull()
  expect(plainTrainer(calibrated(search))).toBeNull()
  expect(plainTrainer(calibrated(found))).toBe(boosting)
})
