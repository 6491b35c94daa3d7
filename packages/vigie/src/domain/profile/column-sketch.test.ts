import { expect, test } from 'vitest'
import type { ColumnContract } from '../contract.ts'
import { ColumnSketch } from './column-sketch.ts'
import { looseFields } from './loose-fields.ts'

const sketch = (column: Pick<ColumnContract, 'name' | 'type'>, texts: Iterable<string>) => {
  const gathered = new ColumnSketch({ optional: false, ...column }, { nulls: ['', 'NA'] })
  for (const text of texts) gathered.see(text)
  return gathered.profile()
}

test.each([
  ['a,b,c', ['a', 'b', 'c']],
  ['a,"b,""c""",d\r', ['a', 'b,"c"', 'd']],
  ['"",,x', ['', '', 'x']],
  ['a,"never ends,c', ['a', '"never ends', 'c']],
  ['a,in "the" middle,c', ['a', 'in "the" middle', 'c']],
  ['', ['']],
])('%j is split as well as it can be', (line, fields) => {
  expect(looseFields(line)).toEqual(fields)
})

test('a sketch takes what can be read and counts nulls', () => {
  const column = sketch({ name: 'x', type: 'float' }, ['1', '2.5', 'two', '', 'NA', '-1'])
  expect(column).toMatchObject({ type: 'float', nulls: 2, numbers: { min: -1, max: 2.5 } })
  expect(sketch({ name: 'x', type: 'category' }, ['a', 'b', 'a', ''])).toMatchObject({
    type: 'text',
    nulls: 1,
    top: [
      { value: 'a', count: 2 },
      { value: 'b', count: 1 },
    ],
  })
  expect(sketch({ name: 'x', type: 'date' }, ['2024-01-31', '31.01.2024', '9999-12-31']).top).toEqual([
    { value: '2024-01-31', count: 1 },
    { value: '9999-12-31', count: 1 },
  ])
  expect(sketch({ name: 'x', type: 'timestamp' }, ['2024-01-31T12:00:00Z']).top[0]!.value).toBe(
    '2024-01-31T12:00:00.000000Z',
  )
})

test('its memory is bounded: of a long column every n-th number is kept, and of many texts the first thousand', () => {
  const numbers = sketch({ name: 'x', type: 'int' }, counting(500_000))
  expect(numbers.numbers!.quantiles[4]).toBeCloseTo(250_000, -4)
  expect(numbers.histogram!.counts.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(50_000)
  expect(sketch({ name: 'x', type: 'string' }, counting(5000)).distinct).toBe(1000)
})

function* counting(n: number): Generator<string> {
  for (let i = 0; i < n; i++) yield String(i)
}
