import { expect, test } from 'vitest'
import { distance, shareBelow } from './distance.ts'
import { profileLabels } from './label-column.ts'
import { profileNumbers } from './number-column.ts'
import type { ColumnProfile } from './table-profile.ts'

const column = (type: 'int' | 'float', values: readonly number[]): ColumnProfile => ({
  name: 'x',
  type,
  ...profileNumbers({ type, values: Float64Array.from(values) }),
})
const label = (counts: Readonly<Record<string, number>>): ColumnProfile => ({
  name: 'x',
  type: 'text',
  ...profileLabels(new Map(Object.entries(counts)), 0),
})
const series = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i))

// scipy.stats.ks_2samp(a, b).statistic
test('between numbers it is the gap that scipy finds, within what 20 bins can tell', () => {
  const a = column(
    'float',
    series(500, (i) => ((i * i * 7919) % 1000) / 10),
  )
  const b = column(
    'float',
    series(400, (i) => (((i * i * 7919) % 1000) / 10) ** 1.2 / 2.2),
  )
  expect(Math.abs(distance(a, b)! - 0.1575)).toBeLessThan(0.03)
  const c = column(
    'int',
    series(300, (i) => (i * i) % 7),
  )
  const d = column(
    'int',
    series(300, (i) => (i * i + i) % 5),
  )
  expect(distance(c, d)).toBeCloseTo(0.2866666666666667, 12)
})

test('between labels it is half of what the shares differ', () => {
  expect(distance(label({ a: 60, b: 40 }), label({ a: 30, b: 50, c: 20 }))).toBeCloseTo(0.3, 12)
})

test('few values beside many are compared where bins begin, so a heavy zero is no gap', () => {
  const zeros = series(1000, (i) => (i % 10 < 8 ? 0 : i % 19))
  const more = series(1000, (i) => (i % 10 < 8 ? 0 : i % 23))
  const [few, many] = [column('int', zeros), column('int', more)]
  expect([few.histogram!.kind, many.histogram!.kind]).toEqual(['values', 'bins'])
  expect(distance(few, many)).toBeLessThan(0.08)
})

test('it is 0 to itself and 1 to what lies elsewhere; without values there is none', () => {
  const a = column(
    'float',
    series(1000, (i) => i),
  )
  const far = column(
    'float',
    series(1000, (i) => i + 5000),
  )
  expect(distance(a, a)).toBe(0)
  expect(distance(a, far)).toBeCloseTo(1, 12)
  expect(distance(a, column('float', []))).toBeNull()
})

test('the share below a number runs from 0 to 1, also where tails are cut', () => {
  const below = shareBelow(column('float', [...series(1000, (i) => i), 1e9]))
  expect([below(-1), below(0), below(1e9 + 1)]).toEqual([0, 0, 1])
  expect(below(500)).toBeCloseTo(0.5, 1)
})
