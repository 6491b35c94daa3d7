import { expect, test } from 'vitest'
import { oneRowEach } from '../entities.ts'
import { clusteredMean } from './clustered-mean.ts'

const x = Float64Array.of(0.3, -0.1, 0.4, 0.1, -0.5, 0.9, 0.2)

test('one row an entity is the ordinary t statistic of a mean', () => {
  const { estimate, se, df } = clusteredMean(x, oneRowEach(x.length))
  expect(estimate).toBeCloseTo(0.18571428571428572, 14)
  expect(se).toBeCloseTo(0.1639229950291286, 14) // scipy.stats.sem
  expect(df).toBe(6)
})

test('rows that repeat within their entities bring no precision', () => {
  const twice = Float64Array.from([...x, ...x])
  const entities = Int32Array.from([...oneRowEach(7), ...oneRowEach(7)])
  expect(clusteredMean(twice, entities).se).toBeCloseTo(clusteredMean(x, oneRowEach(7)).se, 14)
  expect(clusteredMean(twice, oneRowEach(14)).se).toBeLessThan(clusteredMean(x, oneRowEach(7)).se)
})

test('no variation is no standard error, and one entity is none either', () => {
  expect(clusteredMean(new Float64Array(5).fill(0.25), oneRowEach(5))).toEqual({ estimate: 0.25, se: 0, df: null })
  expect(() => clusteredMean(x, new Int32Array(7))).toThrow(expect.objectContaining({ code: 'metric_undefined' }))
})
