import { expect, test } from 'vitest'
import { columnPair } from './column-pair.ts'
import { picture } from './picture.ts'

const number = { type: 'float' } as const
const spread = (n: number) => Float64Array.from({ length: n }, (_, i) => i / n)

test('a histogram covers both periods on one scale', () => {
  const drawn = picture(
    columnPair(
      'num',
      spread(100),
      spread(100).map((x) => x + 1),
    ),
    number,
  )
  if (drawn.kind !== 'histogram') throw new Error(drawn.kind)
  expect([drawn.edges[0], drawn.edges.at(-1), drawn.openLow, drawn.openHigh]).toEqual([0, 1.99, false, false])
  expect(drawn.reference.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  expect(drawn.current.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
})

test('a long tail is cut, and the outer bin stays open and keeps its rows', () => {
  const tailed = spread(1000)
  tailed[0] = 1e9
  const drawn = picture(columnPair('num', tailed, spread(1000)), number)
  if (drawn.kind !== 'histogram') throw new Error(drawn.kind)
  expect(drawn.openHigh).toBe(true)
  expect(drawn.edges.at(-1)).toBeLessThan(3)
  expect(drawn.reference.at(-1)).toBe(0.001)
})

test('a column that is almost constant still has edges that grow', () => {
  const almost = Float64Array.from({ length: 3000 }, (_, i) => (i < 2970 ? 5 : i))
  const drawn = picture(columnPair('num', almost, almost), number)
  if (drawn.kind !== 'histogram') throw new Error(drawn.kind)
  for (let i = 1; i < drawn.edges.length; i++) expect(drawn.edges[i]).toBeGreaterThan(drawn.edges[i - 1]!)
})

test('bins of whole numbers hold equally many of them', () => {
  const whole = Float64Array.from({ length: 310 }, (_, i) => Math.floor(i / 10))
  const drawn = picture(columnPair('num', whole, whole), { type: 'int' })
  if (drawn.kind !== 'histogram') throw new Error(drawn.kind)
  expect(drawn.edges.slice(0, 3)).toEqual([0, 2, 4])
  expect(new Set(drawn.reference.slice(0, -1)).size).toBe(1)
})

test('values whose range leaves float64 still have edges that grow', () => {
  const huge = Float64Array.from({ length: 200 }, (_, i) => (i - 100) * 1.7e306)
  const drawn = picture(columnPair('num', huge, huge), number)
  if (drawn.kind !== 'histogram') throw new Error(drawn.kind)
  for (let i = 1; i < drawn.edges.length; i++) expect(drawn.edges[i]).toBeGreaterThan(drawn.edges[i - 1]!)
  expect(drawn.reference.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
})
