import { type Check, type Finding, textOf } from './check.ts'

const DASH = 45
const ZERO = 48
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Seconds to nanoseconds since 1970 of our time have so many digits; a date without dashes has eight. */
const SINCE_1970 = /^-?\d{9,19}(\.\d*)?$/

const INVALID: Finding = {
  code: 'invalid_date',
  text: 'is no date of the calendar',
  rule: 'dates are written YYYY-MM-DD, from 0001-01-01',
}

/** A date of the proleptic Gregorian calendar, `YYYY-MM-DD`, years 0001 to 9999. */
export const dateCheck: Check = (bytes, start, end) => {
  if (end - start === 10 && !Number.isNaN(daysAt(bytes, start))) return null
  return countsSince1970(textOf(bytes, start, end)) ?? INVALID
}

/** The finding for a text that counts seconds, or parts of them, where a date or an instant should be written. */
export function countsSince1970(text: string): Finding | null {
  return SINCE_1970.test(text) ? COUNTED : null
}

const COUNTED: Finding = {
  code: 'implausible_time',
  text: 'looks like a count of seconds, milliseconds or less since 1970',
  rule: 'dates are written YYYY-MM-DD, instants YYYY-MM-DDThh:mm:ss with an offset',
}

/** Days since 1970-01-01 of the date that is written in the ten bytes from `start`; NaN when they write none. */
export function daysAt(bytes: Uint8Array, start: number): number {
  if (bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return Number.NaN
  const year = digitsAt(bytes, start, 4)
  const month = digitsAt(bytes, start + 5, 2)
  const day = digitsAt(bytes, start + 8, 2)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN
  return daysFromCivil(year, month, day)
}

/** The number written in `count` digits; NaN when one of them is none. */
export function digitsAt(bytes: Uint8Array, at: number, count: number): number {
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

/** Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil: years are shifted to begin in March. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
}
