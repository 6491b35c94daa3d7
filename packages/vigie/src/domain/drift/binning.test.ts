import { expect, test } from 'vitest'
import scipy from '../../../test/fixtures/drift/scipy_values.json' with { type: 'json' }
import { binnedShares, fillZeros, histogram, sturgesEdges } from './binning.ts'
import { columnPair } from './column-pair.ts'

const upTo = (n: number) => Float64Array.from({ length: n }, (_, i) => i)

test('edges by Sturges equal numpy', () => {
  expect([...sturgesEdges(0.5, 9.25, 100, false)]).toEqual(scipy.sturges)
})

test('a bin holds its left edge, the last one also its right edge, and nothing from outside', () => {
  expect([...histogram(Float64Array.of(-1, 0, 1, 1.5, 2, 3), Float64Array.of(0, 1, 2))]).toEqual([1, 3])
})

test('numbers have a bin a value up to 20 distinct reference values, and equal bins from 21 on', () => {
  expect(binnedShares(columnPair('num', upTo(20), upTo(30))).reference).toHaveLength(30)
  expect(binnedShares(columnPair('num', upTo(21), upTo(30))).reference).toHaveLength(7)
  expect(binnedShares(columnPair('cat', upTo(21), upTo(30))).reference).toHaveLength(30)
})

test('empty bins are filled by the smallest share', () => {
  expect([...fillZeros(Float64Array.of(0.5, 0, 0.5))]).toEqual([0.5, 0.0001, 0.5])
  expect([...fillZeros(Float64Array.of(0.0001, 0, 0.9999))]).toEqual([0.0001, 1e-10, 0.9999])
})
