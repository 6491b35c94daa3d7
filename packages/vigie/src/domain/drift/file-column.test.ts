import { expect, test } from 'vitest'
import { inferredType } from './file-column.ts'
import { FileColumnBuilder } from './file-column-builder.ts'

const encoder = new TextEncoder()

function column(texts: readonly string[]) {
  const builder = new FileColumnBuilder('c', false)
  for (const text of texts) {
    const bytes = encoder.encode(text)
    builder.push(bytes, 0, bytes.length)
  }
  return builder.end()
}

const several = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i))

// What pandas 3.1.1 reads from such a CSV file, and the rules of `infer_column_type` of Evidently 0.7.15.
test.each([
  ['few integers', ['1', '2', '3'], 'integers', 'cat'],
  ['ten integers', several(30, (i) => String(i % 10)), 'integers', 'cat'],
  ['eleven integers', several(30, (i) => String(i % 11)), 'integers', 'num'],
  ['integers with a null', ['1', '', '3'], 'floats', 'num'],
  ['integers written otherwise', ['007', '+1', ' 2'], 'integers', 'cat'],
  ['floats written otherwise', ['.5', '5.', '-1e3', 'inf', '-Infinity'], 'floats', 'num'],
  ['nothing', ['', 'NA', 'null'], 'floats', 'num'],
  ['booleans', ['True', 'FALSE', 'true'], 'booleans', 'cat'],
  ['booleans with a null', ['True', '', 'False'], 'booleans', 'unknown'],
  ['booleans and a number', ['1', 'True', '1', 'True'], 'texts', 'cat'],
  ['numbers and one text', ['1', '2', '3', 'abc'], 'texts', 'text'],
  ['texts that repeat', ['a', 'b', 'a', 'b'], 'texts', 'cat'],
  ['texts that do not', ['a', 'b', 'None', 'c'], 'texts', 'text'],
] as const)('%s are told as pandas and Evidently tell them', (_what, texts, holds, type) => {
  const found = column(texts)
  expect({ holds: found.holds, type: inferredType(found) }).toEqual({ holds, type })
})

test('a text behind many numbers makes them labels, and none is lost', () => {
  const found = column([...several(6000, String), '', 'x'])
  expect(found).toMatchObject({ rows: 6002, holds: 'texts', numbers: null })
  expect(found.names).toHaveLength(6001)
  expect([found.codes![5999], found.codes![6000], found.codes![6001]]).toEqual([5999, -1, 6000])
  expect([found.names[0], found.names[5999], found.names[6000]]).toEqual(['0', '5999', 'x'])
})
