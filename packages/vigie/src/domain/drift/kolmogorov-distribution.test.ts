import { expect, test } from 'vitest'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { kolmogorovSurvival } from './kolmogorov-distribution.ts'

test.each(scipy.kolmogorovSurvival as [number, number, number][])('n = %d, x = %d equals scipy', (n, x, want) => {
  const found = kolmogorovSurvival(n, x)
  expect(Math.abs(found - want)).toBeLessThan(1e-11)
  if (want > 1e-300) expect(Math.abs(found / want - 1)).toBeLessThan(1e-9)
})
