import { expect, test } from 'vitest'
import { contributionSizes } from './size-of-contributions.ts'

const spec = [{ type: 'float' }, { type: 'category' }] as const
const columns = [Float64Array.of(1, 2, 3, Number.NaN), Float64Array.of(0, 1, 0, 1)]

test('sizes are means of sizes, and a feature whose higher values raise the score has direction 1', () => {
  const phi = Float64Array.of(-1, 0.5, 0, -0.5, 1, 0.5, 2, -0.5)
  const [number, category] = contributionSizes(phi, columns, spec)
  expect(number!.size.estimate).toBe(1)
  expect(number!.size.low).toBeLessThan(1)
  expect(number!.direction).toBeCloseTo(1, 12)
  expect(category).toMatchObject({ size: { estimate: 0.5, low: 0.5, high: 0.5 }, direction: null })
})

test('points say where a value is among all: null, and a category, nowhere', () => {
  const phi = Float64Array.of(-1, 0.5, 0, -0.5, 1, 0.5, 2, -0.5)
  const [number, category] = contributionSizes(phi, columns, spec)
  expect(number!.points).toEqual([
    [-1, 1 / 6],
    [0, 1 / 2],
    [1, 5 / 6],
    [2, null],
  ])
  expect(category!.points.map(([, rank]) => rank)).toEqual([null, null, null, null])
})

test('with several outputs the mean is over all of them, and there is no direction', () => {
  const phi = Float64Array.of(1, 0, -3, 0, 1, 0, -3, 0, 1, 0, -3, 0, 1, 0, -3, 0)
  const [number] = contributionSizes(phi, columns, spec)
  expect(number).toMatchObject({ size: { estimate: 2 }, direction: null, points: [] })
})
