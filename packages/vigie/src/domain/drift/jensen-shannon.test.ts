import { expect, test } from 'vitest'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { jensenShannon } from './jensen-shannon.ts'

test('equals scipy, with an empty bin', () => {
  const { p, q, distance } = scipy.jensenShannon
  expect(jensenShannon(Float64Array.from(p), Float64Array.from(q))).toBeCloseTo(distance, 14)
})

test('is 0 for equal shares and sqrt(ln 2) for shares without a common bin', () => {
  expect(jensenShannon(Float64Array.of(0.3, 0.7), Float64Array.of(0.3, 0.7))).toBe(0)
  expect(jensenShannon(Float64Array.of(1, 0), Float64Array.of(0, 1))).toBe(Math.sqrt(Math.log(2)))
})
