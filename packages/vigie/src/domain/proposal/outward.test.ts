import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outward } from './outward.ts'

test.each([
  [18.25, 118.75, 0, 200],
  [0, 72, 0, 80],
  [0, 3, 0, 4],
  [-7, 12, -10, 20],
  [-0.3, -0.1, -0.4, 0],
  [0, 0, 0, 0],
  [1e-7, 3e-7, 0, 4e-7],
  [29.14, 29.14, 20, 30],
])('what was seen from %d to %d is proposed from %d to %d', (low, high, min, max) => {
  expect(outward({ low, high })).toEqual({ min, max })
})

test('what was seen is always inside, and numbers of one sign stay so', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a]
      const { min, max } = outward({ low, high })
      expect(min <= low && max >= high && Number.isFinite(min) && Number.isFinite(max)).toBe(true)
      if (low >= 0) expect(min >= 0).toBe(true)
      if (high <= 0) expect(max <= 0).toBe(true)
    }),
    { seed: 4, numRuns: 5000 },
  )
})
