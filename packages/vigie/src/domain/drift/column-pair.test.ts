import { expect, test } from 'vitest'
import { columnPair } from './column-pair.ts'

test('nulls and infinities are dropped, values are sorted and counted, the input stays', () => {
  const reference = Float64Array.of(3, Number.NaN, 1, Number.POSITIVE_INFINITY, 3)
  const pair = columnPair('num', reference, Float64Array.of(2, Number.NEGATIVE_INFINITY, 3))
  expect([...pair.reference]).toEqual([1, 3, 3])
  expect([...pair.current]).toEqual([2, 3])
  expect(pair.counts).toEqual({
    values: Float64Array.of(1, 2, 3),
    reference: Float64Array.of(1, 0, 2),
    current: Float64Array.of(0, 1, 1),
  })
  expect(reference[0]).toBe(3)
})
