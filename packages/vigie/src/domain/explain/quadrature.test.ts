import { expect, test } from 'vitest'
import { gaussLegendre } from './quadrature.ts'

test('n points integrate every power up to 2 n - 1 exactly', () => {
  for (const n of [1, 2, 3, 4, 7, 15, 30, 64]) {
    const { points, weights } = gaussLegendre(n)
    for (let power = 0; power < 2 * n; power++) {
      const sum = points.reduce((total, t, q) => total + weights[q]! * t ** power, 0)
      expect(sum).toBeCloseTo(1 / (power + 1), 14)
    }
  }
})

test('points lie inside (0, 1) in rising order', () => {
  const { points, weights } = gaussLegendre(40)
  expect(Array.from(points)).toEqual(Array.from(points).sort((a, b) => a - b))
  expect(points.every((t) => t > 0 && t < 1)).toBe(true)
  expect(weights.every((w) => w > 0)).toBe(true)
})
