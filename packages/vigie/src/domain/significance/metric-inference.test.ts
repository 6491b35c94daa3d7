import { expect, test } from 'vitest'
import { metricVectors } from '../../../test/vectors.ts'
import { computeMetric } from '../metrics/evaluate.ts'
import { METRICS } from '../policy.ts'
import { interval } from './inference.ts'
import { metricInference } from './metric-inference.ts'

const vector = metricVectors.vectors.find(({ name }) => name === 'continuous_200')!
const y = Float64Array.from(vector.y)
const p = Float64Array.from(vector.score)

test.each(METRICS)('the interval of %s lies around the metric itself', (metric) => {
  const inference = metricInference(metric, y, p, 0.4)
  expect(inference.estimate).toBeCloseTo(computeMetric(metric, y, p, 0.4), 12)
  const { low, high } = interval(inference)
  expect(low).toBeLessThan(inference.estimate)
  expect(high).toBeGreaterThan(inference.estimate)
})

test('the standard error of AUC is DeLong’s', () => {
  expect(metricInference('auc', y, p, 0.5).se ** 2).toBeCloseTo(vector.delong.var, 12)
})
