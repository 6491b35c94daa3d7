import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../random.ts'
import { descendingOrder } from './order.ts'

const compared = (values: Float64Array) =>
  Int32Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b)

test.each([10, 2047, 2048, 5000])('%d values come in the order of a comparing sort, equal ones as they stood', (n) => {
  const random = seededRandom(3)
  const special = [0, -0, 1, -1, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** -1022]
  const values = Float64Array.from({ length: n }, () => {
    const kind = random.below(4)
    if (kind === 0) return special[random.below(special.length)]!
    if (kind === 1) return random.below(20) / 20
    return (random.unit() - 0.5) * 10 ** (random.below(600) - 300)
  })
  expect(descendingOrder(values)).toEqual(compared(values))
})

test('so do values that differ in any of their bits', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(fc.array(finite, { minLength: 5, maxLength: 30 }), (some) => {
      const values = Float64Array.from({ length: 2100 }, (_, i) => some[i % some.length]!)
      expect(descendingOrder(values)).toEqual(compared(values))
    }),
    { numRuns: 30 },
  )
})
