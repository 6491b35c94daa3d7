import { describe, expect, test } from 'vitest'
import { profileNumberColumns, profileNumbers } from './number-column.ts'
import { valueText } from './value-text.ts'

const floats = (values: readonly number[]) => profileNumbers({ type: 'float', values: Float64Array.from(values) })

describe('the profile of numbers', () => {
  // pandas 2: s.describe(percentiles=[.01,.05,.25,.5,.75,.95,.99]), s.std(ddof=0)
  test('agrees with pandas', () => {
    const { numbers, nulls, distinct } = floats([3, 1, 4, 1, 5, 9, 2, 6, Number.NaN, 5.5])
    expect(nulls).toBe(1)
    expect(distinct).toBe(8)
    expect(numbers!.mean).toBeCloseTo(4.055555555555555, 10)
    expect(numbers!.sd).toBeCloseTo(2.47705520106755, 10)
    expect(numbers!.quantiles).toEqual([1, 1, 1, 2, 4, 5.5, 7.799999999999999, 8.76, 9])
  })

  test('names the most frequent values, of equally frequent ones the smaller', () => {
    const { top } = floats([2, 2, 7, 7, 7, -1, -1, 0.5])
    expect(top).toEqual([
      { value: '7', count: 3 },
      { value: '-1', count: 2 },
      { value: '2', count: 2 },
      { value: '0.5', count: 1 },
    ])
    const many = floats(Array.from({ length: 300 }, (_, i) => (i * 7) % 25))
    expect(many.top).toHaveLength(10)
    expect(many.top.map(({ value }) => value)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  })

  test('has a bar a value when there are few, and 20 bins otherwise', () => {
    expect(floats([1, 0, 1]).histogram).toEqual({ kind: 'values', values: [0, 1], counts: [1, 2] })
    const { histogram } = floats(Array.from({ length: 1000 }, (_, i) => i / 10))
    expect(histogram).toMatchObject({ kind: 'bins', openLow: false, openHigh: false })
    expect(histogram!.counts).toEqual(Array(20).fill(50))
  })

  test('cuts a tail that would hide everything else, and counts what lies beyond in the outer bin', () => {
    const { histogram } = floats([...Array.from({ length: 1000 }, (_, i) => i), 1e12])
    expect(histogram).toMatchObject({ kind: 'bins', openHigh: true, openLow: false })
    expect(histogram!.counts.reduce((sum, n) => sum + n)).toBe(1001)
    expect(histogram!.counts.at(-1)).toBe(1)
  })

  test('gives whole numbers bins of whole numbers', () => {
    const values = Float64Array.from({ length: 3100 }, (_, i) => i % 31)
    const { histogram } = profileNumbers({ type: 'int', values })
    expect(histogram).toMatchObject({ kind: 'bins', counts: [...Array(15).fill(200), 100] })
  })

  test('of nothing but nulls says so', () => {
    expect(floats([Number.NaN, Number.NaN])).toEqual({ nulls: 2, distinct: 0, numbers: null, top: [], histogram: null })
  })

  test('has no mean that is not finite', () => {
    const [column] = profileNumberColumns([{ type: 'float', values: Float64Array.from([1.7e308, -1.7e308, 1e308]) }])
    for (const value of [column!.numbers!.mean, column!.numbers!.sd])
      expect(value === null || Number.isFinite(value)).toBe(true)
    expect(JSON.parse(JSON.stringify(column))).toEqual(column)
  })
})

test('days and microseconds are written as dates and instants', () => {
  expect(valueText('date', 19_753)).toBe('2024-01-31')
  expect(valueText('date', 2_932_896)).toBe('9999-12-31')
  expect(valueText('timestamp', 1_706_702_400_000_001)).toBe('2024-01-31T12:00:00.000001Z')
  expect(valueText('timestamp', -1)).toBe('1969-12-31T23:59:59.999999Z')
  expect(valueText('int', -1)).toBe('-1')
})
