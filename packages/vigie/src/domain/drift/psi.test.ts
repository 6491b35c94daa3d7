import { expect, test } from 'vitest'
import { psi } from './psi.ts'

test('the worked example', () => {
  expect(psi(Float64Array.of(0.5, 0.5), Float64Array.of(0.6, 0.4))).toBeCloseTo(
    0.1 * Math.log(1.2) - 0.1 * Math.log(0.8),
    12,
  )
})

test('an empty bin counts as 0.0001', () => {
  const want = (1 - 0.5) * Math.log(1 / 0.5) + (0.0001 - 0.5) * Math.log(0.0001 / 0.5)
  expect(psi(Float64Array.of(1, 0), Float64Array.of(0.5, 0.5))).toBeCloseTo(want, 12)
})
