import { decimalShift } from './decimal-shift.ts'

/** Room beyond what was seen, as a share of its width. */
const HEADROOM = 0.1

/**
 * The range to propose for numbers that were seen from `low` to `high`: a tenth of its width as room on both sides,
 * then outward to one significant digit of the larger bound. A range that begins at or above 0 does not go below it.
 *
 * @example
 * outward({ low: 18.25, high: 118.75 }) // { min: 0, max: 200 }
 */
export function outward({ low, high }: { readonly low: number; readonly high: number }): {
  readonly min: number
  readonly max: number
} {
  const room = HEADROOM * (high - low)
  const bottom = low >= 0 ? Math.max(0, low - room) : low - room
  const top = high <= 0 ? Math.min(0, high + room) : high + room
  const largest = Math.max(Math.abs(bottom), Math.abs(top))
  const exponent = largest === 0 ? 0 : Math.floor(Math.log10(largest))
  return { min: rounded(bottom, exponent, Math.floor, low), max: rounded(top, exponent, Math.ceil, high) }
}

/** In units of 10^exponent. Where float64 cannot count in them, what was seen is the bound. */
function rounded(bound: number, exponent: number, round: (x: number) => number, seen: number): number {
  const value = decimalShift(round(decimalShift(bound, -exponent)), exponent)
  const outside = round === Math.floor ? value <= seen : value >= seen
  return Number.isFinite(value) && outside ? value + 0 : seen
}
