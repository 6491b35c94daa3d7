import { expect, test } from 'vitest'
import { metricVectors } from '../../../test/vectors.ts'
import { computeMetric } from '../../domain/metrics/evaluate.ts'
import { metricsFor } from '../../domain/policy.ts'
import { intervalTask } from './interval-task.ts'

const vector = metricVectors.vectors.find(({ name }) => name === 'continuous_200')!
const answers = {
  kind: 'binary',
  y: Float64Array.from(vector.y),
  scores: Float64Array.from(vector.score),
  threshold: 0.5,
} as const

test.each(metricsFor(answers))('the monitor can watch %s: its value lies in its interval', (metric) => {
  const { value, low, high } = intervalTask({ metric, ...answers })
  expect(value).toBeCloseTo(computeMetric(metric, answers), 12)
  expect(low).toBeLessThan(value)
  expect(high).toBeGreaterThan(value)
})
