import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metricVectors } from '../../../test/vectors.ts'
import { auc } from './auc.ts'
import { evaluate } from './evaluate.ts'
import { f1 } from './f1.ts'
import { logLoss } from './log-loss.ts'

const NAMES = ['auc', 'f1', 'accuracy', 'logLoss', 'brier'] as const
/** The largest float below 0.5: a score is above it exactly when it is at least 0.5. */
const JUST_BELOW_HALF = 0.5 - 2 ** -54

const cases = metricVectors.vectors.flatMap((v) => [
  { name: `${v.name}, first score`, y: v.y, score: v.score, expected: v.metrics },
  { name: `${v.name}, second score`, y: v.y, score: v.score_b, expected: v.metrics_score_b },
])

test.each(cases)('metrics of $name equal scikit-learn', ({ y, score, expected }) => {
  const labels = Float64Array.from(y)
  const p = Float64Array.from(score)
  const above = evaluate(labels, p, 0.5, NAMES)
  const atLeast = evaluate(labels, p, JUST_BELOW_HALF, NAMES)
  expect(above.auc).toBeCloseTo(expected.roc_auc!, 12)
  expect(above.f1).toBeCloseTo(expected['f1_gt_0.5']!, 12)
  expect(atLeast.f1).toBeCloseTo(expected['f1_ge_0.5']!, 12)
  expect(above.accuracy).toBeCloseTo(expected['accuracy_gt_0.5']!, 12)
  expect(atLeast.accuracy).toBeCloseTo(expected['accuracy_ge_0.5']!, 12)
  expect(above.brier).toBeCloseTo(expected.brier!, 12)
  // scikit-learn clips at 2^-52, we at 1e-15: an answer that is sure and wrong costs a little less here.
  const wrong = (label: number) => y.filter((actual, i) => actual === label && score[i] === 1 - label).length
  const dearer = wrong(1) * Math.log(1e-15 / 2 ** -52) + wrong(0) * Math.log((1 - (1 - 1e-15)) / 2 ** -52)
  expect(above.logLoss).toBeCloseTo(expected.log_loss! - dearer / y.length, 12)
})

const rows = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 1),
      fc.integer({ min: 0, max: 8 }).map((k) => k / 8),
    ),
    { minLength: 2, maxLength: 40 },
  )
  .filter((all) => all.some(([y]) => y === 0) && all.some(([y]) => y === 1))

test('AUC is the share of pairs that are in order, ties counting half', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const pairs = all.filter(([y]) => y === 1).flatMap(([, p]) => all.filter(([y]) => y === 0).map(([, q]) => p - q))
      const inOrder = pairs.reduce((sum, d) => sum + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0)
      const value = auc(
        Float64Array.from(all, ([y]) => y),
        Float64Array.from(all, ([, p]) => p),
      )
      expect(value).toBeCloseTo(inOrder / pairs.length, 12)
    }),
  )
})

test('log loss clips at 1e-15 on both sides', () => {
  expect(logLoss(Float64Array.of(1), Float64Array.of(0))).toBe(-Math.log(1e-15))
  expect(logLoss(Float64Array.of(0), Float64Array.of(1))).toBe(-Math.log(1 - (1 - 1e-15)))
  expect(logLoss(Float64Array.of(0), Float64Array.of(0))).toBeCloseTo(1e-15, 28)
})

test('a metric without a value throws and is neither 0 nor 0.5', () => {
  const none = expect.objectContaining({
    code: 'metric_undefined',
    details: expect.objectContaining({ rule: expect.any(String) }),
  })
  const p = Float64Array.of(0.2, 0.4)
  expect(() => auc(Float64Array.of(1, 1), p)).toThrow(none)
  expect(() => auc(Float64Array.of(0, 0), p)).toThrow(none)
  expect(() => f1(Float64Array.of(0, 0), p, 0.5)).toThrow(none)
  expect(f1(Float64Array.of(0, 1), p, 0.5)).toBe(0)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])('the probability %d is refused', (bad) => {
  expect(() => logLoss(Float64Array.of(0, 1), Float64Array.of(0.5, bad))).toThrow(
    expect.objectContaining({ code: 'model_invalid_output' }),
  )
})

test('labels and scores of different length, other labels and no rows are faults', () => {
  const fault = expect.objectContaining({ code: 'internal' })
  expect(() => auc(Float64Array.of(0, 1), Float64Array.of(1))).toThrow(fault)
  expect(() => auc(Float64Array.of(0, 2), Float64Array.of(1, 2))).toThrow(fault)
  expect(() => auc(Float64Array.of(), Float64Array.of())).toThrow(fault)
})
