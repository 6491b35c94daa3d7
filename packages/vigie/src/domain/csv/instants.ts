import { daysAt, digitsAt } from './dates.ts'

const SPACE = 32
const PLUS = 43
const MINUS = 45
const POINT = 46
const COLON = 58
const T = 84
const Z = 90

const MINUTE = 60_000_000
export const DAY = 1440 * MINUTE
/** `YYYY-MM-DDThh:mm:ss` */
const SECONDS_END = 19

/** What a text writes. */
export type Written = 'nothing' | 'instant' | 'local'

/**
 * Reads `YYYY-MM-DDThh:mm:ss` (or a blank for the T) with up to six decimals and an optional offset: `Z`, `+02`,
 * `+0200` or `+02:00`, at most 15:59. Keeps what it found in `micros`: microseconds since 1970 in UTC for an `instant`,
 * on the clock of its place for a `local` time. No leap seconds, no 24:00, no lower case. An object, so that reading a
 * value makes no other.
 */
export class InstantReader {
  micros = Number.NaN

  read(bytes: Uint8Array, start: number, end: number): Written {
    if (end - start < SECONDS_END) return 'nothing'
    const days = daysAt(bytes, start)
    const separator = bytes[start + 10]!
    if (separator !== T && separator !== SPACE) return 'nothing'
    if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return 'nothing'
    const hour = digitsAt(bytes, start + 11, 2)
    const minute = digitsAt(bytes, start + 14, 2)
    const second = digitsAt(bytes, start + 17, 2)
    if (!(hour <= 23 && minute <= 59 && second <= 59) || Number.isNaN(days)) return 'nothing'
    let at = start + SECONDS_END
    let fraction = 0
    if (at < end && bytes[at] === POINT) {
      const first = ++at
      let unit = 100_000
      for (; at < end; at++) {
        const digit = bytes[at]! - 48
        if (digit < 0 || digit > 9) break
        fraction += digit * unit
        unit /= 10
      }
      if (at === first || at - first > 6) return 'nothing'
    }
    const local = days * DAY + (hour * 60 + minute) * MINUTE + second * 1_000_000 + fraction
    if (at === end) {
      this.micros = local
      return 'local'
    }
    const offset = offsetAt(bytes, at, end)
    if (Number.isNaN(offset)) return 'nothing'
    this.micros = local - offset * MINUTE
    return 'instant'
  }
}

/** Minutes by which the offset in `bytes[at, end)` is ahead of UTC; NaN when it is none. */
function offsetAt(bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at]
  if (sign === Z) return end - at === 1 ? 0 : Number.NaN
  if (sign !== PLUS && sign !== MINUS) return Number.NaN
  const colon = bytes[at + 3] === COLON && end - at === 6
  if (!colon && end - at !== 3 && end - at !== 5) return Number.NaN
  const hours = digitsAt(bytes, at + 1, 2)
  const minutes = end - at === 3 ? 0 : digitsAt(bytes, at + (colon ? 4 : 3), 2)
  if (!(hours <= 15 && minutes <= 59)) return Number.NaN
  const total = hours * 60 + minutes
  return sign === MINUS ? -total : total
}
