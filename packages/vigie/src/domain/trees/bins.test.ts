import { expect, test } from 'vitest'
import type { FeatureColumn } from '../feature-spec.ts'
import { seededRandom } from '../random.ts'
import { binFeatures } from './bins.ts'
import { MAX_BINS } from './numeric-bins.ts'

const float: FeatureColumn = { name: 'v.x', view: 'v', feature: 'x', type: 'float', optional: true }

function category(categories: number): FeatureColumn {
  const names = Array.from({ length: categories }, (_, i) => `c${i}`)
  return { name: 'v.c', view: 'v', feature: 'c', type: 'category', optional: true, categories: names }
}

test('few distinct values get a bin each, in order, and null gets bin 0', () => {
  const { features, codes, least, greatest } = binFeatures([float], [Float64Array.of(7, Number.NaN, -2, 7, 0.5)], 5)
  expect(features).toEqual([{ kind: 'numeric', bins: 3 }])
  expect([...codes]).toEqual([3, 0, 1, 3, 2])
  expect([...least.subarray(1, 4)]).toEqual([-2, 0.5, 7])
  expect([...greatest.subarray(1, 4)]).toEqual([-2, 0.5, 7])
})

test('254 distinct values are exact, 255 share bins', () => {
  const values = (n: number) => Float64Array.from({ length: n }, (_, i) => i)
  expect([...binFeatures([float], [values(254)], 254).codes]).toEqual(Array.from({ length: 254 }, (_, i) => i + 1))
  expect(binFeatures([float], [values(255)], 255).features[0]!.bins).toBeLessThanOrEqual(MAX_BINS)
})

test('many distinct values: bins are in order, hold whole runs of equal values, and about as many rows each', () => {
  const random = seededRandom(3)
  const column = Float64Array.from({ length: 20_000 }, () => Math.round(5000 * random.unit() ** 3))
  const { features, codes, least, greatest } = binFeatures([float], [column], column.length)
  const { bins } = features[0]!
  const sizes = new Float64Array(bins + 1)
  column.forEach((value, i) => {
    const bin = codes[i]!
    sizes[bin]! += 1
    expect(value >= least[bin]! && value <= greatest[bin]!).toBe(true)
  })
  for (let bin = 2; bin <= bins; bin++) expect(least[bin]!).toBeGreaterThan(greatest[bin - 1]!)
  const runs = new Map<number, number>()
  for (const value of column) runs.set(value, (runs.get(value) ?? 0) + 1)
  const longestRun = Math.max(...runs.values())
  expect(Math.max(...sizes)).toBeLessThanOrEqual(column.length / MAX_BINS + longestRun)
})

test('a column of nulls has no bins', () => {
  const { features, codes } = binFeatures([float], [Float64Array.of(Number.NaN, Number.NaN)], 2)
  expect(features[0]!.bins).toBe(0)
  expect([...codes]).toEqual([0, 0])
})

test('the bin of a category is its code + 1', () => {
  const { features, codes } = binFeatures([category(64)], [Float64Array.of(0, 63, Number.NaN)], 3)
  expect(features).toEqual([{ kind: 'category', bins: 64 }])
  expect([...codes]).toEqual([1, 64, 0])
})

test('65 categories are too many', () => {
  expect(() => binFeatures([category(65)], [Float64Array.of(0)], 1)).toThrow(
    expect.objectContaining({ code: 'too_many_categories', details: expect.objectContaining({ column: 'v.c' }) }),
  )
})
