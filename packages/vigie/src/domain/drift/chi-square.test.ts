import { expect, test } from 'vitest'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { chiSquare } from './chi-square.ts'

const cases = scipy.chiSquare as [number[], number[], number, number][]

test.each(cases)('%j against shares of %j equals scipy', (observed, expected, statistic, pValue) => {
  const found = chiSquare(Float64Array.from(expected), Float64Array.from(observed))
  expect(found.statistic).toBeCloseTo(statistic, 11)
  expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-9)
})

test('a value that the reference never had is impossible under it', () => {
  expect(chiSquare(Float64Array.of(10, 0), Float64Array.of(9, 1)).pValue).toBe(0)
})
