import { expect, test } from 'vitest'
import type { BrokenRule } from '../domain/contract.ts'
import { brokenRows, otherBroken } from './broken-lines.ts'

const broken = (text: string, more: Partial<BrokenRule> = {}): BrokenRule => ({
  code: 'not_a_number',
  source: 'usage',
  column: 'hours',
  rule: 'numbers are written as 12',
  severity: 'reject',
  text,
  value: 'x',
  rows: 1,
  examples: [{ line: 3, value: 'x' }],
  ...more,
})

test('what else is broken is told with its place and how often, and nothing twice', () => {
  const rules = [broken('a'), broken('b', { rows: 1200 }), broken('c', { rows: null, examples: [] }), broken('d')]
  expect(otherBroken(rules, ['usage.csv: d'])).toEqual(['usage line 3: b, 1,200 rows', 'usage: c'])
  expect(otherBroken(Array(12).fill(broken('e')), [])).toHaveLength(10)
  expect(otherBroken(Array(12).fill(broken('e')), []).at(-1)).toBe('2 more broken rules')
  expect(otherBroken(undefined, [])).toEqual([])
})

test('how often the first rule is broken is told where it is more than once', () => {
  expect(brokenRows([broken('a', { rows: 7 })])).toBe(7)
  expect(brokenRows([broken('a')])).toBeNull()
  expect(brokenRows(undefined)).toBeNull()
})
