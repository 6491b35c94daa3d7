import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestF1Threshold } from './threshold.ts'

function f1Above(threshold: number, y: Float64Array, score: Float64Array, weight: Float64Array): number {
  let [hits, flagged, positives] = [0, 0, 0]
  for (let i = 0; i < y.length; i++) {
    positives += weight[i]! * y[i]!
    if (score[i]! <= threshold) continue
    flagged += weight[i]!
    hits += weight[i]! * y[i]!
  }
  return (2 * hits) / (flagged + positives)
}

test('no other threshold has a better F1', () => {
  const row = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 5 }))
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), (rows) => {
      fc.pre(rows.some(([y, score]) => y && score > 0))
      const y = Float64Array.from(rows, ([label]) => Number(label))
      const score = Float64Array.from(rows, ([, s]) => s / 12)
      const weight = Float64Array.from(rows, ([, , w]) => w)
      const best = f1Above(bestF1Threshold(y, score, weight), y, score, weight)
      for (let t = 0; t < 13; t++) expect(f1Above(t / 12, y, score, weight)).toBeLessThanOrEqual(best + 1e-12)
    }),
  )
})

test('it lies half-way between the last score that is flagged and the next', () => {
  const y = Float64Array.of(1, 1, 0, 0)
  expect(bestF1Threshold(y, Float64Array.of(0.9, 0.7, 0.4, 0.1), null)).toBeCloseTo(0.55, 12)
  expect(bestF1Threshold(Float64Array.of(1, 1), Float64Array.of(0.5, 0.3), null)).toBeCloseTo(0.15, 12)
})

test('two scores side by side are told apart', () => {
  const next = 0.5 + 2 ** -53
  expect(next).toBeGreaterThan(0.5)
  const threshold = bestF1Threshold(Float64Array.of(1, 0), Float64Array.of(next, 0.5), null)
  expect(next > threshold && !(0.5 > threshold)).toBe(true)
})
