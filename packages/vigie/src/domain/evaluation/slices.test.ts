import { expect, test } from 'vitest'
import { slicesOf } from './slices.ts'

function column(values: readonly string[]) {
  const names = [...new Set(values)]
  return { column: 'c', names, codes: Int32Array.from(values, (value) => names.indexOf(value)) }
}

test('few values are a slice each, the most frequent first, and the empty one is called so', () => {
  const { slices, left } = slicesOf(column(['a', 'b', 'b', '', 'b', 'a']))
  expect(slices.map(({ value, rows }) => [value, ...rows])).toEqual([
    ['b', 1, 2, 4],
    ['a', 0, 5],
    ['(empty)', 3],
  ])
  expect(left).toBe(0)
})

test('many numbers are four ranges that hold every row once', () => {
  const { slices } = slicesOf(column(Array.from({ length: 100 }, (_, i) => String(i))))
  expect(slices.map(({ value }) => value)).toEqual(['below 25', '25 to below 50', '50 to below 75', '75 and more'])
  expect(slices.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  )
})

test('of many texts the twenty most frequent are slices, and the others are counted', () => {
  const { slices, left } = slicesOf(column(Array.from({ length: 60 }, (_, i) => `t${i % 25}`)))
  expect(slices).toHaveLength(20)
  expect(left).toBe(5)
})
