import { expect, test } from 'vitest'
import { sample } from '../../../test/fixtures/drift/sample.ts'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'

test.each(scipy.twoSamples)('$n against $m rows equals scipy ($pValue)', ({ n, m, step, start, statistic, pValue }) => {
  const found = kolmogorovSmirnov(sample(n, 1, 0), sample(m, step, start))
  expect(found.statistic).toBeCloseTo(statistic, 12)
  expect(Math.abs(found.pValue - pValue)).toBeLessThan(1e-12)
  if (pValue > 1e-300) expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-9)
})

test('the sides can be exchanged', () => {
  const a = sample(37, 1, 0)
  const b = sample(52, 0.9, 4)
  expect(kolmogorovSmirnov(a, b)).toEqual(kolmogorovSmirnov(b, a))
})
