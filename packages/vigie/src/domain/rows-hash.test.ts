import { expect, test } from 'vitest'
import { asOf } from './as-of.ts'
import type { FeatureSpec } from './feature-spec.ts'
import type { Frame } from './frame.ts'
import { rowsHash } from './rows-hash.ts'

const spec: FeatureSpec = [
  { name: 'v.a', view: 'v', feature: 'a', type: 'float', optional: true },
  { name: 'v.b', view: 'v', feature: 'b', type: 'int', optional: false },
]
const date = asOf('2024-01-31')
const frame: Frame = {
  spec,
  keys: ['x', 'y'],
  columns: [Float64Array.of(0, Number.NaN), Float64Array.of(1, 2)],
  label: Float64Array.of(0, 1),
}
const [a, b] = frame.columns as [Float64Array, Float64Array]

test('-0 and 0 hash alike, and so do all NaN', () => {
  const otherNaN = Float64Array.of(-0, 0)
  new BigUint64Array(otherNaN.buffer)[1] = 0xfff8_0000_0000_0001n
  expect(otherNaN[1]).toBeNaN()
  expect(rowsHash({ ...frame, columns: [otherNaN, b] }, date)).toBe(rowsHash(frame, date))
})

test('hashing does not change the rows', () => {
  const column = Float64Array.of(-0, 1)
  rowsHash({ ...frame, columns: [column, b] }, date)
  expect(Object.is(column[0], -0)).toBe(true)
})

const OTHERS: readonly [name: string, frame: Frame, at?: string][] = [
  ['another date', frame, '2024-02-29'],
  ['a value', { ...frame, columns: [Float64Array.of(Number.MIN_VALUE, Number.NaN), b] }],
  ['columns swapped', { ...frame, columns: [b, a] }],
  ['rows swapped', { ...frame, keys: ['y', 'x'] }],
  ['a key split elsewhere', { ...frame, keys: ['x","y', ''] }],
  ['a label', { ...frame, label: Float64Array.of(1, 1) }],
  ['weights', { ...frame, weight: Float64Array.of(1, 1) }],
  ['no labels', { ...frame, label: null }],
  ['labels that are a third column', { ...frame, columns: [a, b, Float64Array.of(0, 1)], label: null }],
  ['another feature spec', { ...frame, spec: [spec[0]!, { ...spec[1]!, optional: true }] }],
]

test.each(OTHERS)('%s changes the hash', (_name, other, at = '2024-01-31') => {
  expect(rowsHash(other, asOf(at))).not.toBe(rowsHash(frame, date))
})
