import { textOf } from '../csv/check.ts'

const MINUS = 45
const POINT = 46
const ZERO = 48
/** As many digits are exact in float64, and so are the powers of ten that divide them: the quotient is rounded once. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, n) => 10 ** n)

/** `Number(text)` of a text that is known to be a number, mostly without making the text. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  if (end - first > EXACT_DIGITS + 1) return Number(textOf(bytes, start, end))
  let digits = 0
  let decimals = 0
  for (let i = first; i < end; i++) {
    const byte = bytes[i]!
    if (byte === POINT) decimals = end - i - 1
    else if (byte < ZERO || byte > ZERO + 9) return Number(textOf(bytes, start, end))
    else digits = digits * 10 + (byte - ZERO)
  }
  const value = digits / POWERS[decimals]!
  return negative ? -value : value
}
