import { expect, test } from 'vitest'
import fixture from '../../../test/fixtures/drift/scipy_small_samples.json' with { type: 'json' }
import { columnPair } from './column-pair.ts'
import { cramerVonMises } from './cramer-von-mises.ts'
import { eppsSingleton } from './epps-singleton.ts'
import { mannWhitneyLess } from './mann-whitney.ts'

const cases = fixture.cases.map((known) => ({
  ...known,
  name: `${known.reference.length} and ${known.current.length} rows`,
  pair: columnPair('num', Float64Array.from(known.reference), Float64Array.from(known.current)),
}))

test.each(cases)('Mann-Whitney of $name is as exact as scipy says', ({ pair, mannWhitneyLess: expected }) => {
  expect(mannWhitneyLess(pair).pValue).toBeCloseTo(expected, 12)
})

test.each(cases)('Cramer-von Mises of $name is as exact as scipy says', ({ pair, cramerVonMises: expected }) => {
  expect(cramerVonMises(pair).pValue).toBeCloseTo(expected, 10)
})

test.each(cases)('Epps-Singleton of $name is corrected for small samples', ({ pair, eppsSingleton: expected }) => {
  const test = () => eppsSingleton(pair.reference, pair.current).pValue
  if (expected === null) expect(test).toThrow(expect.objectContaining({ code: 'column_not_testable' }))
  else expect(test()).toBeCloseTo(expected, 10)
})
