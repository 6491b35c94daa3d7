import { expect, test } from 'vitest'
import { seededRandom } from './random.ts'

// From the C of PractRand's sfc32, seeded as `a = 0, b = seed, c = stream, counter = 1`, twelve rounds dropped.
test.each([
  [0, 0, [1363572419, 145230303, 808754475, 4216505632, 947923937]],
  [42, 0, [1264412219, 1947509147, 3919439299, 1251167922, 656401615]],
  [42, 299, [712478506, 2191823507, 131796680, 3313978642, 1782310723]],
])('seed %i, stream %i gives the numbers of the reference in C', (seed, stream, expected) => {
  const random = seededRandom(seed, stream)
  expect(expected.map(() => random.uint32())).toEqual(expected)
})

test('below(n) is uniform: chi-square over 10 cells stays under its 99.9 % point', () => {
  const random = seededRandom(7)
  const counts = new Float64Array(10)
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]! += 1
  const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)
  expect(chiSquare).toBeLessThan(27.88)
})

test('streams of one seed do not repeat each other', () => {
  const first = Array.from({ length: 300 }, (_, stream) => seededRandom(42, stream).uint32())
  expect(new Set(first).size).toBe(300)
})
