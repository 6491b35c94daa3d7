import { expect, it } from 'vitest'
import type { FeatureSpec } from './feature-spec.ts'
import { frameCsv } from './frame-csv.ts'
import type { LabelColumn } from './label-column.ts'

const spec: FeatureSpec = [
  { name: 'use.hours', view: 'use', feature: 'hours', type: 'float', optional: true },
  { name: 'use.net', view: 'use', feature: 'net', type: 'category', optional: true, categories: ['DSL', '=cmd|x'] },
  { name: 'use.tv', view: 'use', feature: 'tv', type: 'boolean', optional: true },
]

const left: LabelColumn = { column: 'left', type: 'boolean' }

const csv = (keys: string[], columns: number[][], labels: number[] | null = null, label = left) =>
  [
    ...frameCsv(
      { spec, keys, columns: columns.map((c) => Float64Array.from(c)), label: labels && Float64Array.from(labels) },
      { key: 'user_id', label },
    ),
  ].join('')

it('writes nulls as nothing, numbers as they read back, and the label last', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        [-0.1, Number.NaN],
        [0, Number.NaN],
        [1, Number.NaN],
      ],
      [1, 0],
    ),
  ).toBe('user_id,use.hours,use.net,use.tv,left\na,-0.1,DSL,true,true\nb,,,,false\n')
})

it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '\0x'])('keeps a spreadsheet from running %j', (key) => {
  expect(csv([key], [[1], [1], [0]])).toContain(`"'${key}",1,"'=cmd|x",false\n`)
})

it('quotes what would break a line', () => {
  expect(csv(['a,"b"\n'], [[1], [0], [0]])).toContain('"a,""b""\n",1,DSL,false')
})

it('writes every row of many', () => {
  const n = 5000
  const keys = Array.from({ length: n }, (_, i) => `k${i}`)
  const lines = csv(keys, [keys.map((_, i) => i), keys.map(() => 0), keys.map(() => 1)])
    .trimEnd()
    .split('\n')
  expect(lines).toHaveLength(n + 1)
  expect(lines.at(-1)).toBe('k4999,4999,DSL,true')
})

it.each<[LabelColumn, string, string]>([
  [{ column: 'plan', type: 'category', categories: ['none', 'a,b'] }, 'none', '"a,b"'],
  [{ column: 'spend', type: 'float' }, '0', '1'],
])('writes labels as what they are: %o', (label, first, second) => {
  const text = csv(
    ['a', 'b'],
    [
      [1, 1],
      [0, 0],
      [1, 1],
    ],
    [0, 1],
    label,
  )
  expect(
    text
      .split('\n')
      .slice(1, 3)
      .map((line) => line.slice(line.indexOf('true,') + 5)),
  ).toEqual([first, second])
})
