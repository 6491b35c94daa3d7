import { VigieError } from '../errors.ts'

declare const brand: unique symbol

/**
 * A calendar date, `YYYY-MM-DD`. At its end in UTC the snapshot is true: `2024-01-31` covers all that happened through
 * that day. A string, so it sorts, compares and serialises as it is; branded, so that no unchecked text passes for one.
 */
export type AsOf = string & { readonly [brand]: 'AsOf' }

const DAY_MS = 86_400_000

/** Reads a date that really exists. Throws `as_of_invalid` for anything else (`2024-02-30`, `2024-1-1`, `01/02/2024`). */
export function asOf(text: string): AsOf {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match) {
    const days = daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3]))
    if (civilFromDays(days) === text) return text as AsOf
  }
  throw new VigieError('as_of_invalid', `"${text.slice(0, 40)}" is not a date of the calendar`, {
    rule: 'an as_of is a date written YYYY-MM-DD',
    value: text.slice(0, 40),
  })
}

/** A date, which means its end, or an instant with a zone, in microseconds since 1970. Throws `as_of_invalid`. */
export function moment(text: string): AsOf | number {
  if (!text.includes('T')) return asOf(text)
  try {
    return Number(Temporal.Instant.from(text).epochNanoseconds / 1000n)
  } catch (cause) {
    throw new VigieError('as_of_invalid', `"${text.slice(0, 40)}" is no instant with a zone`, {
      rule: 'an as_of is a date YYYY-MM-DD, or an instant as 2024-03-01T12:00:00Z',
      value: text.slice(0, 40),
      cause,
    })
  }
}

/** Microseconds since 1970 at midnight UTC of the date; the form in which keys are fingerprinted. */
export function asOfMicros(date: AsOf): bigint {
  return BigInt(asOfDays(date)) * 86_400_000_000n
}

/** Days since 1970-01-01. */
export function asOfDays(date: AsOf): number {
  return daysFromCivil(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)))
}

/** The date that is `days` after 1970-01-01: the inverse of `asOfDays`. */
export function asOfFromDays(days: number): AsOf {
  return civilFromDays(days) as AsOf
}

/** The instant at which the date ends, as milliseconds since 1970. */
export function endOfDayMs(date: AsOf): number {
  return (asOfDays(date) + 1) * DAY_MS
}

/** The `n`-th month end counted from `first`, which must be a month end itself: `(2024-01-31, 1)` is `2024-02-29`. */
export function monthEnd(first: AsOf, n: number): AsOf {
  const month = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + n
  const next = daysFromCivil(Math.floor((month + 1) / 12), ((month + 1) % 12) + 1, 1)
  return civilFromDays(next - 1) as AsOf
}

/** Reads `30d`, `12h`, `0d` as milliseconds. Throws `definition_invalid` otherwise. */
export function durationMs(text: string): number {
  const match = /^(\d+)(d|h|m|s)$/.exec(text)
  if (!match) {
    throw new VigieError('definition_invalid', `"${text}" is not a duration`, {
      rule: 'durations are a whole number and one of d, h, m, s, for example 30d',
      value: text,
    })
  }
  return Number(match[1]) * { d: DAY_MS, h: 3_600_000, m: 60_000, s: 1000 }[match[2] as 'd' | 'h' | 'm' | 's']
}

// Hinnant's civil calendar algorithms: exact for all years of the proleptic Gregorian calendar, and free of time zones.
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function civilFromDays(days: number): string {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const pad = (n: number, width: number) => String(n).padStart(width, '0')
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}
