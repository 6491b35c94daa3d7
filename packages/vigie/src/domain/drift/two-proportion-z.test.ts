import { expect, test } from 'vitest'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { twoProportionZ } from './two-proportion-z.ts'

const cases = scipy.twoProportionZ as [number, number, number, number, number, number][]

test.each(cases)('%d of %d against %d of %d equals scipy', (a, n, b, m, z, pValue) => {
  const found = twoProportionZ({ successes: a, rows: n }, { successes: b, rows: m })
  expect(found.z).toBeCloseTo(z, 12)
  expect(found.pValue).toBeCloseTo(pValue, 12)
})

test('two samples without variance do not differ', () => {
  expect(twoProportionZ({ successes: 3, rows: 3 }, { successes: 5, rows: 5 })).toEqual({ z: 0, pValue: 1 })
})
