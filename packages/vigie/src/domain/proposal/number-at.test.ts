import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberAt } from './number-at.ts'

test('a number is what its text is, to the last bit', () => {
  const text = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.stringMatching(/^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$/),
    fc.constantFrom('-0', '-0.0', '0.1', '999999999999999', '9999999999999999', '0.000000000000001', '5e-324'),
  )
  fc.assert(
    fc.property(text, (written) => {
      const bytes = new TextEncoder().encode(`9${written}9`)
      expect(numberAt(bytes, 1, bytes.length - 1)).toBe(Number(written))
    }),
    { seed: 6, numRuns: 5000 },
  )
})
