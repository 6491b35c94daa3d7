import { expect, test } from 'vitest'
import { sameValue, whyDifferent } from './parity.ts'

const value = (number: number) => ({ value: number, status: 'PRESENT' as const })
const absent = (status: 'NULL_VALUE' | 'NOT_FOUND' | 'OUTSIDE_MAX_AGE') => ({ value: Number.NaN, status })
const plainly = { onlineOnly: false, pending: false }

test('values are the same when every bit and the status are', () => {
  expect(sameValue(value(0.1 + 0.2), value(0.30000000000000004))).toBe(true)
  expect(sameValue(value(0.1 + 0.2), value(0.3))).toBe(false)
  expect(sameValue(value(0), value(-0))).toBe(false)
  expect(sameValue(absent('NULL_VALUE'), absent('NULL_VALUE'))).toBe(true)
  expect(sameValue(absent('NULL_VALUE'), absent('NOT_FOUND'))).toBe(false)
})

test('a difference says why', () => {
  expect(whyDifferent(value(1), value(2), plainly)).toBe('value differs')
  expect(whyDifferent(value(1), absent('NULL_VALUE'), plainly)).toBe('value differs')
  expect(whyDifferent(value(1), absent('OUTSIDE_MAX_AGE'), plainly)).toBe('expired')
  expect(whyDifferent(absent('NOT_FOUND'), value(2), plainly)).toBe('entity missing')
  expect(whyDifferent(value(1), value(2), { onlineOnly: false, pending: true })).toBe('not materialized yet')
  expect(whyDifferent(value(1), absent('NOT_FOUND'), { onlineOnly: true, pending: false })).toBe('written online only')
})
