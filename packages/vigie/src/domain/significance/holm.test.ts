import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gateVectors } from '../../../test/vectors.ts'
import { holmAdjusted } from './holm.ts'

test.each(gateVectors.holm)('Holm at $alpha rejects the right ones of $p', ({ p, alpha, expect: rejected }) => {
  expect(holmAdjusted(p).map((adjusted) => adjusted <= alpha)).toEqual(rejected)
})

test('adjusted values keep the order of the p-values and lie between them and Bonferroni', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (p) => {
      const adjusted = holmAdjusted(p)
      for (let i = 0; i < p.length; i++) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p[i]!)
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p[i]! * p.length))
        for (let j = 0; j < p.length; j++) if (p[i]! < p[j]!) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!)
      }
    }),
  )
})
