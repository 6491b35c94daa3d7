import { expect, test } from 'vitest'
import { metricVectors } from '../../../test/vectors.ts'
import { computeMetric } from '../metrics/evaluate.ts'
import { metricsFor } from '../policy.ts'
import { interval } from './inference.ts'
import { hasClosedForm, metricInference } from './metric-inference.ts'

const vector = metricVectors.vectors.find(({ name }) => name === 'continuous_200')!
const y = Float64Array.from(vector.y)
const answers = { kind: 'binary', y, scores: Float64Array.from(vector.score), threshold: 0.4 } as const
const closed = metricsFor(answers).filter((metric) => hasClosedForm(metric, answers))

test.each(closed)('the interval of %s lies around the metric itself', (metric) => {
  const inference = metricInference(metric, answers)
  expect(inference.estimate).toBeCloseTo(computeMetric(metric, answers), 12)
  const { low, high } = interval(inference)
  expect(low).toBeLessThan(inference.estimate)
  expect(high).toBeGreaterThan(inference.estimate)
})

test('the standard error of AUC is DeLong’s', () => {
  expect(metricInference('auc', answers).se ** 2).toBeCloseTo(vector.delong.var, 12)
})
