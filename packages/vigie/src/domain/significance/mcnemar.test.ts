import { expect, test } from 'vitest'
import { gateVectors } from '../../../test/vectors.ts'
import { mcnemar } from './mcnemar.ts'

test.each(gateVectors.mcnemar)('McNemar with $onlyChampionRight against $onlyChallengerRight rows', (v) => {
  const { midP, exactP } = mcnemar(v.onlyChampionRight, v.onlyChallengerRight)
  expect(midP).toBeCloseTo(v.expect.midPOneSided, 12)
  expect(exactP).toBeCloseTo(v.expect.exactOneSided, 12)
})

test('a challenger that is never right alone has p 1, and the reverse vanishes', () => {
  expect(mcnemar(2000, 0).exactP).toBe(1)
  expect(mcnemar(0, 2000).exactP).toBeLessThan(1e-300)
})
