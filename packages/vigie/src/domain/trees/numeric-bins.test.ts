import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../random.ts'
import { binNumbers, MAX_BINS } from './numeric-bins.ts'

function bin(column: Float64Array) {
  const codes = new Uint8Array(column.length)
  const least = new Float64Array(256)
  const greatest = new Float64Array(256)
  return { codes, least, greatest, bins: binNumbers(column, codes, least, greatest) }
}

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noDefaultInfinity: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(Number.NaN, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
)

test('any column: bins are in order, each value lies in its own, and nulls in bin 0', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 700, size: 'max' }), (values) => {
      const column = Float64Array.from(values)
      const { codes, least, greatest, bins } = bin(column)
      const distinct = new Set(column.filter((x) => !Number.isNaN(x)))
      expect(bins).toBeLessThanOrEqual(MAX_BINS)
      if (distinct.size <= MAX_BINS) expect(bins).toBe(distinct.size)
      for (let b = 2; b <= bins; b++) expect(least[b]!).toBeGreaterThan(greatest[b - 1]!)
      column.forEach((x, i) => {
        const b = codes[i]!
        if (Number.isNaN(x)) expect(b).toBe(0)
        else expect(b >= 1 && b <= bins && x >= least[b]! && x <= greatest[b]!, `${x} in bin ${b}`).toBe(true)
      })
    }),
    { numRuns: 300 },
  )
})

test('of very many rows some find the edges, and all are in bins of about the same size', () => {
  const random = seededRandom(8)
  const column = Float64Array.from({ length: 500_001 }, () => Math.exp(8 * random.unit()))
  const { codes, least, greatest, bins } = bin(column)
  const sizes = new Float64Array(bins + 1)
  let misplaced = 0
  column.forEach((x, i) => {
    sizes[codes[i]!]! += 1
    if (!(x >= least[codes[i]!]! && x <= greatest[codes[i]!]!)) misplaced++
  })
  expect(misplaced).toBe(0)
  expect(bins).toBe(MAX_BINS)
  const even = column.length / MAX_BINS
  expect(Math.min(...sizes.subarray(1))).toBeGreaterThan(0.85 * even)
  expect(Math.max(...sizes)).toBeLessThan(1.15 * even)
})

test('of very many rows a value that is rare among few has a bin', () => {
  const column = new Float64Array(300_001)
  column[123_457] = 5
  column[77] = -1
  const { codes, least, bins } = bin(column)
  expect([bins, ...least.subarray(1, 4)]).toEqual([3, -1, 0, 5])
  expect([codes[123_457], codes[77], codes[0]]).toEqual([3, 1, 2])
})
