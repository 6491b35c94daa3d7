import { expect, test } from 'vitest'
import { CsvScanner } from '../csv/scanner.ts'
import { PredictionRows } from './prediction-rows.ts'
import type { PredictionColumns } from './predictions.ts'

const columns: PredictionColumns = {
  label: 'y',
  score: ['p'],
  against: [],
  weight: null,
  entity: null,
  slices: [],
}

function read(text: string, asked: Partial<PredictionColumns> = {}) {
  const rows = new PredictionRows('scored.csv', { ...columns, ...asked })
  const scanner = new CsvScanner('scored.csv', rows)
  scanner.push(Buffer.from(text))
  scanner.end()
  return rows.end()
}

test('the named columns are kept, whatever their order, and others are not looked at', () => {
  const { rows, labels, score, weights, entities, slices } = read(
    'note,p,y,w,user\n"a,b",0.25,1,2,u1\nx,1e-3,0,0,u2\ny,0.5,1,1,u1\n',
    { weight: 'w', entity: 'user', slices: ['user'] },
  )
  expect(rows).toBe(3)
  expect([...labels.numbers!]).toEqual([1, 0, 1])
  expect([...score[0]!]).toEqual([0.25, 0.001, 0.5])
  expect([...weights!]).toEqual([2, 0, 1])
  expect([...entities!]).toEqual([0, 1, 0])
  expect(slices[0]).toMatchObject({ column: 'user', names: ['u1', 'u2'] })
})

test.each([
  ['a label that is missing', 'y,p\n1,0.5\n,0.2\n', 'null_not_allowed', { line: 3, column: 'y' }],
  ['a score that is missing', 'y,p\n1,\n', 'null_not_allowed', { line: 2, column: 'p' }],
  ['a score that is NaN', 'y,p\n1,0.5\n0,NaN\n', 'not_finite', { line: 3, column: 'p', value: 'NaN' }],
  ['a score that is infinite', 'y,p\n1,inf\n', 'not_finite', { line: 2, column: 'p' }],
  ['a score that is a text', 'y,p\n1,high\n', 'not_a_number', { line: 2, value: 'high' }],
  ['a row of another width', 'y,p\n1,0.5\n0\n', 'ragged_row', { line: 3 }],
  ['no rows', 'y,p\n', 'no_rows', {}],
  ['nothing', '', 'empty_file', {}],
  ['a column that is not there', 'y,prob\n1,0.5\n', 'column_missing', { column: 'p' }],
  ['a column that is there twice', 'y,p,p\n1,0.5,0.6\n', 'duplicate_column', { column: 'p' }],
])('%s is refused with its place', (_, text, code, place) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code, details: expect.objectContaining(place) }))
})

test('a weight below 0 is refused', () => {
  expect(() => read('y,p,w\n1,0.5,-1\n', { weight: 'w' })).toThrow(
    expect.objectContaining({ code: 'out_of_range', details: expect.objectContaining({ line: 2, value: '-1' }) }),
  )
})

test('a misspelt column is told the one that is meant', () => {
  expect(() => read('y,score\n1,0.5\n', { score: ['Score'] })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('score') }),
  )
})
