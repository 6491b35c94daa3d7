import { expect, test } from 'vitest'
import { sample } from '../../../test/fixtures/drift/sample.ts'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { normedWasserstein, wasserstein } from './wasserstein.ts'

test.each(scipy.twoSamples)('$n against $m rows equals scipy', ({ n, m, step, start, wasserstein: want }) => {
  const found = wasserstein(sample(n, 1, 0), sample(m, step, start))
  expect(Math.abs(found - want)).toBeLessThan(1e-12 * Math.max(1, want))
})

test('moving everything by one is a distance of one', () => {
  expect(wasserstein(Float64Array.of(0, 1), Float64Array.of(1, 2))).toBe(1)
})

test('the norm is the deviation of the reference, and at least 0.001', () => {
  expect(normedWasserstein(Float64Array.of(0, 4), Float64Array.of(1, 5))).toBe(0.5)
  expect(normedWasserstein(Float64Array.of(3, 3), Float64Array.of(4, 4))).toBe(1000)
})
