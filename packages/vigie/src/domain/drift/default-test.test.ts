import { expect, test } from 'vitest'
import { type ColumnKind, columnPair } from './column-pair.ts'
import { defaultTest } from './default-test.ts'

const rows = (n: number, distinct: number) => Float64Array.from({ length: n }, (_, i) => i % distinct)

test.each<[ColumnKind, number, number, string]>([
  ['num', 6, 1000, 'ks'],
  ['num', 6, 1001, 'wasserstein'],
  ['num', 5, 1000, 'chisquare'],
  ['num', 5, 1001, 'jensenshannon'],
  ['num', 2, 1000, 'z'],
  ['num', 2, 1001, 'jensenshannon'],
  ['cat', 6, 1000, 'chisquare'],
  ['cat', 6, 1001, 'jensenshannon'],
  ['cat', 2, 1000, 'z'],
  ['cat', 1, 1001, 'jensenshannon'],
])('%s with %d values and %d reference rows is judged by %s', (kind, distinct, n, want) => {
  expect(defaultTest(columnPair(kind, rows(n, distinct), rows(50, distinct)))).toBe(want)
})

test('rows without a value do not count, and values of the current side do', () => {
  const withNulls = Float64Array.from(rows(1001, 2))
  withNulls[0] = Number.NaN
  expect(defaultTest(columnPair('num', withNulls, rows(5000, 2)))).toBe('z')
  expect(defaultTest(columnPair('num', withNulls, rows(5000, 6)))).toBe('ks')
})
