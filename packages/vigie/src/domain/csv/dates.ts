import type { Check, Finding } from './check.ts'

const DASH = 45
const ZERO = 48
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const INVALID: Finding = {
  code: 'invalid_date',
  text: 'is no date of the calendar',
  rule: 'dates are written YYYY-MM-DD, from 0001-01-01',
}

/** A date of the proleptic Gregorian calendar, `YYYY-MM-DD`, years 0001 to 9999. */
export const dateCheck: Check = (bytes, start, end) => {
  if (end - start !== 10 || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return INVALID
  const year = digits(bytes, start, 4)
  const month = digits(bytes, start + 5, 2)
  const day = digits(bytes, start + 8, 2)
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? null : INVALID
}

/** NaN when one of them is no digit. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i]! - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : DAYS[month - 1]!
}
