import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateVectors } from '../../../test/vectors.ts'
import { oneRowEach } from '../entities.ts'
import { computeMetric } from '../metrics/evaluate.ts'
import { matchedF1 } from './matched-f1.ts'
import { metricInference } from './metric-inference.ts'

const v = gateVectors.f1Matched
const y = Float64Array.from(v.y)
const champion = Float64Array.from(v.champion)
const challenger = Float64Array.from(v.challenger)
const entities = oneRowEach(y.length)

test('F1 at a matched flag count and its delta-method standard error', () => {
  const result = matchedF1(y, champion, challenger, v.flagged, entities)
  expect(result.champion).toBeCloseTo(v.expect.f1Champion, 12)
  expect(result.challenger).toBeCloseTo(v.expect.f1Challenger, 12)
  expect(result.gain.estimate).toBeCloseTo(v.expect.gain, 12)
  expect(result.gain.se).toBeCloseTo(v.expect.se, 12)
  expect(result.gain.df).toBe(13)
})

test('of equal scores the first rows are flagged', () => {
  const tied = new Float64Array(4).fill(0.5)
  const firstOnly = matchedF1(Float64Array.of(1, 0, 0, 0), tied, tied, 1, oneRowEach(4))
  const lastOnly = matchedF1(Float64Array.of(0, 0, 0, 1), tied, tied, 1, oneRowEach(4))
  expect([firstOnly.champion, lastOnly.champion]).toEqual([1, 0])
})

test('only the order of scores matters', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 14 }), fc.double({ min: 0.1, max: 10, noNaN: true }), (flagged, scale) => {
      const stretched = challenger.map((p) => p * scale - 1)
      expect(matchedF1(y, champion, stretched, flagged, entities)).toEqual(
        matchedF1(y, champion, challenger, flagged, entities),
      )
    }),
  )
})

test('F1 of one model at its threshold has the value of the metric and a standard error', () => {
  const answers = { kind: 'binary', y, scores: champion, threshold: 0.5 } as const
  const inference = metricInference('f1', answers, entities)
  expect(inference.estimate).toBe(computeMetric('f1', answers))
  // sqrt(n / (n - 1) sum f^2) / n with numpy; the jackknife says 0.172.
  expect(inference.se).toBeCloseTo(0.16404835764663273, 12)
})
