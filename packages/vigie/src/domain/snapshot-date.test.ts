import { expect, test } from 'vitest'
import type { VigieError } from '../errors.ts'
import type { AsOf } from './as-of.ts'
import { checkSnapshotDate } from './snapshot-date.ts'

const FIRST = '2024-01-31' as AsOf
const refused = (date: string, now: string): string | null => {
  try {
    checkSnapshotDate(date as AsOf, FIRST, Date.parse(now))
    return null
  } catch (error) {
    return (error as VigieError).code
  }
}

test.each([
  ['the first month end', '2024-01-31', '2024-06-01T00:00:00Z', null],
  ['a leap day', '2024-02-29', '2024-06-01T00:00:00Z', null],
  ['a day of the month before its end', '2024-02-28', '2024-06-01T00:00:00Z', 'as_of_not_month_end'],
  ['the first of a month', '2024-03-01', '2024-06-01T00:00:00Z', 'as_of_not_month_end'],
  ['a month before the history begins', '2023-12-31', '2024-06-01T00:00:00Z', 'as_of_before_first'],
  ['a day that does not exist', '2024-02-30', '2024-06-01T00:00:00Z', 'as_of_invalid'],
  ['another way to write a date', '31.01.2024', '2024-06-01T00:00:00Z', 'as_of_invalid'],
  ['today', '2024-03-31', '2024-03-31T12:00:00Z', 'future_time'],
  ['today, five minutes before midnight', '2024-03-31', '2024-03-31T23:54:59Z', 'future_time'],
  ['today, when a clock may just be slow', '2024-03-31', '2024-03-31T23:55:00Z', null],
  ['a later month', '2024-04-30', '2024-03-31T12:00:00Z', 'future_time'],
])('%s: %s', (_what, date, now, code) => {
  expect(refused(date, now)).toBe(code)
})
