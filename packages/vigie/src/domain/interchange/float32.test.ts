import fc from 'fast-check'
import { expect, test } from 'vitest'
import { atMostFloat, belowFloat, floatBelow, previousDouble, previousFloat } from './float32.ts'

const float = fc.float({ noNaN: true, noDefaultInfinity: true })
const nextDouble = (x: number): number => -previousDouble(-x)

test('a float32 is at most a number when it is at most the float32 below that', () => {
  fc.assert(
    fc.property(float, fc.double({ noNaN: true, noDefaultInfinity: true }), (x, t) => {
      expect(x <= floatBelow(t)).toBe(x <= t)
    }),
  )
})

test.each([
  ['at most', atMostFloat, (x: number, t: number) => x <= t],
  ['below', belowFloat, (x: number, t: number) => x < t],
] as const)('the greatest float64 that rounds to a float32 %s t is the last one that does', (_, bound, compare) => {
  fc.assert(
    fc.property(float, (t) => {
      const last = bound(t)
      expect(compare(Math.fround(last), t)).toBe(true)
      expect(compare(Math.fround(nextDouble(last)), t)).toBe(false)
    }),
    {
      examples: [[0], [-0], [1], [3.4028234663852886e38], [-3.4028234663852886e38], [1.401298464324817e-45]],
    },
  )
})

test('bounds are finite whatever the threshold', () => {
  for (const t of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -3.4028234663852886e38]) {
    expect(Number.isFinite(atMostFloat(t))).toBe(true)
    expect(Number.isFinite(belowFloat(t))).toBe(true)
  }
})

test('the float32 before zero is the least negative one', () => {
  expect(previousFloat(0)).toBe(-1.401298464324817e-45)
  expect(Math.fround(previousFloat(1))).toBe(1 - 2 ** -24)
})
