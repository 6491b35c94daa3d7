import { expect, test } from 'vitest'
import { metricVectors } from '../../../test/vectors.ts'
import { oneRowEach } from '../entities.ts'
import type { Answers } from '../metrics/answers.ts'
import { metricIntervals, skippedForScale } from './metric-intervals.ts'
import { pairedIntervals } from './paired-intervals.ts'

const vector = metricVectors.vectors.find(({ name }) => name === 'continuous_200')!
const y = Float64Array.from(vector.y)
const answers = (scores: readonly number[]): Answers => ({ kind: 'binary', y, scores: Float64Array.from(scores) })
const [score, against] = [answers(vector.score), answers(vector.score_b)]
const entities = oneRowEach(y.length)

test('every metric of two classes has its value inside its interval, inside its range', () => {
  const intervals = metricIntervals(score, entities)
  expect(Object.keys(intervals)).toEqual([
    'auc',
    'averagePrecision',
    'f1',
    'accuracy',
    'logLoss',
    'brier',
    'ece',
    'ks',
    'liftAtTenth',
    'gainAtTenth',
  ])
  for (const [name, { value, low, high }] of Object.entries(intervals)) {
    expect(low, name).toBeLessThan(value!)
    expect(high, name).toBeGreaterThan(value!)
    expect(low, name).toBeGreaterThanOrEqual(0)
  }
  expect(intervals.averagePrecision!.value).toBeCloseTo(vector.metrics.average_precision!, 12)
})

test('z and p of the AUC are DeLong’s', () => {
  const { auc } = pairedIntervals(score, against, entities)
  expect(auc!.z).toBeCloseTo(vector.delong.z, 10)
  expect(auc!.p).toBeCloseTo(vector.delong.p_two_sided, 10)
  expect(auc!.low! + auc!.high!).toBeCloseTo(2 * auc!.gain!, 12)
})

test('swapping the models mirrors every gain, and McNemar counts the other way', () => {
  const [forth, back] = [pairedIntervals(score, against, entities), pairedIntervals(against, score, entities)]
  for (const name of ['auc', 'averagePrecision', 'f1', 'logLoss', 'ece', 'ks', 'matchedF1'] as const) {
    expect(back[name]!.gain, name).toBeCloseTo(-forth[name]!.gain!, 12)
    expect(back[name]!.se, name).toBeCloseTo(forth[name]!.se!, 9)
  }
  expect(forth.mcnemar).toMatchObject({
    onlyScoreRight: (back.mcnemar as { onlyAgainstRight: number }).onlyAgainstRight,
  })
})

test('with weights the AUC is resampled, and McNemar says why it is not there', () => {
  const weights = Float64Array.from(vector.weight)
  const paired = pairedIntervals({ ...score, weights }, { ...against, weights }, entities)
  expect(paired.auc!.method).toMatch(/bootstrap/)
  expect(paired.auc!.df).toBeNull()
  expect(paired.mcnemar).toEqual({ reason: 'McNemar counts rows, and these have weights' })
})

test('equal models have no test and no difference', () => {
  const { auc, logLoss } = pairedIntervals(score, score, entities)
  expect(auc).toMatchObject({ gain: 0, se: 0, z: null, p: null, low: 0, high: 0 })
  expect(logLoss).toMatchObject({ gain: 0, z: null })
})

test('scores that are no probabilities are judged by their order alone, and by a threshold that is named', () => {
  const logits = answers(vector.score.map((p) => 10 * p - 5))
  const skipped = skippedForScale(logits, false)
  expect(Object.keys(skipped).sort()).toEqual(['accuracy', 'brier', 'ece', 'f1', 'logLoss'])
  const { auc, logLoss } = metricIntervals(logits, entities, skipped)
  expect(auc!.value).toBeCloseTo(vector.metrics.roc_auc!, 12)
  expect(logLoss).toMatchObject({ value: null, low: null, reason: expect.stringContaining('no probabilities') })
  expect(Object.keys(skippedForScale(logits, true)).sort()).toEqual(['brier', 'ece', 'logLoss'])
})

test('a part of one class keeps what can be said of it, and gives reasons for the rest', () => {
  const rows = [...y.keys()].filter((row) => y[row] === 0)
  const part: Answers = {
    kind: 'binary',
    y: new Float64Array(rows.length),
    scores: Float64Array.from(rows, (r) => vector.score[r]!),
  }
  const { auc, ks, accuracy, brier, averagePrecision } = metricIntervals(part, oneRowEach(rows.length))
  expect(auc).toMatchObject({ value: null, reason: expect.stringContaining('both classes') })
  expect(ks).toMatchObject({ value: null, reason: expect.stringContaining('both classes') })
  expect(averagePrecision!.value).toBeNull()
  expect(accuracy!.value).toBeGreaterThan(0)
  expect(brier!.high).toBeGreaterThan(brier!.low!)
})

test('one entity alone has values and no intervals', () => {
  const { auc, brier, ks } = metricIntervals(score, new Int32Array(y.length))
  expect(auc).toMatchObject({ low: null, reason: expect.stringContaining('two entities') })
  expect(brier!.value).toBeCloseTo(vector.metrics.brier!, 12)
  expect(ks!.value).toBeCloseTo(vector.metrics.ks_max_tpr_minus_fpr!, 12)
  expect(ks!.low).toBeNull()
})
