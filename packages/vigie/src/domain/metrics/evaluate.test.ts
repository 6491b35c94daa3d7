import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metricVectors } from '../../../test/vectors.ts'
import { metricsFor } from '../policy.ts'
import { auc } from './auc.ts'
import { computeMetric, evaluate } from './evaluate.ts'
import { logLossOfRow } from './log-loss.ts'

const NAMES = metricsFor({ kind: 'binary' })
/** The largest float below 0.5: a score is above it exactly when it is at least 0.5. */
const JUST_BELOW_HALF = 0.5 - 2 ** -54

const cases = metricVectors.vectors.flatMap((v) => [
  { name: `${v.name}, first score`, y: v.y, score: v.score, expected: v.metrics },
  { name: `${v.name}, second score`, y: v.y, score: v.score_b, expected: v.metrics_score_b },
  { name: `${v.name}, with weights`, y: v.y, score: v.score, weight: v.weight, expected: v.metrics_weighted },
])

test.each(cases)('metrics of $name equal scikit-learn', ({ y, score, weight, expected }) => {
  const labels = Float64Array.from(y)
  const p = Float64Array.from(score)
  const answers = { kind: 'binary', y: labels, scores: p, weights: weight ? Float64Array.from(weight) : null } as const
  const above = evaluate(answers, NAMES)
  const atLeast = evaluate({ ...answers, threshold: JUST_BELOW_HALF }, NAMES)
  expect(above.auc).toBeCloseTo(expected.roc_auc!, 12)
  expect(above.averagePrecision).toBeCloseTo(expected.average_precision!, 12)
  expect(above.ece).toBeCloseTo(expected.ece_10_equal_width!, 12)
  expect(above.ks).toBeCloseTo(expected.ks_max_tpr_minus_fpr!, 12)
  expect(above.f1).toBeCloseTo(expected['f1_gt_0.5']!, 12)
  expect(atLeast.f1).toBeCloseTo(expected['f1_ge_0.5']!, 12)
  expect(above.accuracy).toBeCloseTo(expected['accuracy_gt_0.5']!, 12)
  expect(atLeast.accuracy).toBeCloseTo(expected['accuracy_ge_0.5']!, 12)
  expect(above.brier).toBeCloseTo(expected.brier!, 12)
  // scikit-learn clips at 2^-52, we at 1e-15: an answer that is sure and wrong costs a little less here.
  const weightOf = (i: number) => weight?.[i] ?? 1
  const wrong = (label: number) =>
    y.reduce((sum, actual, i) => sum + (actual === label && score[i] === 1 - label ? weightOf(i) : 0), 0)
  const total = y.reduce((sum, _, i) => sum + weightOf(i), 0)
  const dearer = wrong(1) * Math.log(1e-15 / 2 ** -52) + wrong(0) * Math.log((1 - (1 - 1e-15)) / 2 ** -52)
  expect(above.logLoss).toBeCloseTo(expected.log_loss! - dearer / total, 12)
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
  expect(logLossOfRow(1, 0)).toBe(-Math.log(1e-15))
  expect(logLossOfRow(0, 1)).toBe(-Math.log(1 - (1 - 1e-15)))
  expect(logLossOfRow(0, 0)).toBeCloseTo(1e-15, 28)
})

test('a metric without a value throws and is neither 0 nor 0.5', () => {
  const none = expect.objectContaining({
    code: 'metric_undefined',
    details: expect.objectContaining({ rule: expect.any(String) }),
  })
  const p = Float64Array.of(0.2, 0.4)
  expect(() => auc(Float64Array.of(1, 1), p)).toThrow(none)
  expect(() => auc(Float64Array.of(0, 0), p)).toThrow(none)
  const f1 = (...y: number[]) => computeMetric('f1', { kind: 'binary', y: Float64Array.from(y), scores: p })
  expect(() => f1(0, 0)).toThrow(none)
  expect(f1(0, 1)).toBe(0)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])('the probability %d is refused', (bad) => {
  const answers = { kind: 'binary', y: Float64Array.of(0, 1), scores: Float64Array.of(0.5, bad) } as const
  expect(() => computeMetric('logLoss', answers)).toThrow(expect.objectContaining({ code: 'model_invalid_output' }))
})

test('labels and scores of different length, other labels and no rows are faults', () => {
  const fault = expect.objectContaining({ code: 'internal' })
  expect(() => auc(Float64Array.of(0, 1), Float64Array.of(1))).toThrow(fault)
  expect(() => auc(Float64Array.of(0, 2), Float64Array.of(1, 2))).toThrow(fault)
  expect(() => auc(Float64Array.of(), Float64Array.of())).toThrow(fault)
})
