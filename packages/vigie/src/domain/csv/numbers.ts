import type { ColumnContract } from '../contract.ts'
import { type Check, type Finding, type ReadNumber, textOf } from './check.ts'

const MINUS = 45
const ZERO = 48
const POINT = 46

const INTEGER = /^-?(0|[1-9]\d*)$/
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const NOT_FINITE = /^\s*[+-]?(nan|inf|infinity)\s*$/i
/** More digits than this and a sum of digits in float64 may be rounded. */
const EXACT_DIGITS = 15

/** A whole number: `-?(0|[1-9]\d*)`, within its bounds and within the whole numbers that float64 holds exactly. */
export function intCheck(column: ColumnContract): Check {
  const low = column.min ?? Number.MIN_SAFE_INTEGER
  const high = column.max ?? Number.MAX_SAFE_INTEGER
  const outside = outOfRange(column, null)
  const beyond = outOfRange(column, 'beyond the whole numbers that are exact')
  return (bytes, start, end) => {
    const negative = bytes[start] === MINUS
    const first = negative ? start + 1 : start
    if (first === end || (bytes[first] === ZERO && end - first > 1)) return malformed(bytes, start, end, 'int')
    let magnitude = 0
    for (let i = first; i < end; i++) {
      const digit = bytes[i]! - ZERO
      if (digit < 0 || digit > 9) return malformed(bytes, start, end, 'int')
      magnitude = magnitude * 10 + digit
    }
    // Rounding sets in only beyond the safe range, and never leads back into it.
    const value = negative ? -magnitude : magnitude
    if (value >= low && value <= high && magnitude <= Number.MAX_SAFE_INTEGER) return null
    return magnitude > Number.MAX_SAFE_INTEGER ? beyond : outside
  }
}

/** A finite number: plain decimal with an optional exponent. No padding, plus sign, separator, NaN or infinity. */
export function floatCheck(column: ColumnContract): Check {
  const low = column.min ?? -Number.MAX_VALUE
  const high = column.max ?? Number.MAX_VALUE
  const outside = outOfRange(column, null)
  const beyond = outOfRange(column, 'beyond the largest float64')
  return (bytes, start, end) => {
    const negative = bytes[start] === MINUS
    const first = negative ? start + 1 : start
    let whole = 0
    let at = first
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO
      if (digit < 0 || digit > 9) break
      whole = whole * 10 + digit
    }
    const digits = at - first
    let next = whole
    if (digits > 0 && bytes[at] === POINT && at + 1 < end) {
      next = whole + 1
      for (at++; at < end; at++) {
        const digit = bytes[at]! - ZERO
        if (digit < 0 || digit > 9) break
      }
    }
    // A plain number lies between its whole part and the next: mostly that is enough to know that it is in range.
    const plain = at === end && digits > 0 && digits <= EXACT_DIGITS && (digits === 1 || bytes[first] !== ZERO)
    if (plain && (negative ? -next >= low && -whole <= high : whole >= low && next <= high)) return null
    const text = textOf(bytes, start, end)
    if (!DECIMAL.test(text)) return malformedText(text, 'float')
    const value = Number(text)
    if (value >= low && value <= high) return null
    return Number.isFinite(value) ? outside : beyond
  }
}

/** 1 to 1e22, the powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))

/** The float64 that is nearest to a number which `floatCheck` accepts; of no meaning for other texts. */
export const readNumber: ReadNumber = (bytes, start, end) => {
  const negative = bytes[start] === MINUS
  let at = negative ? start + 1 : start
  let mantissa = 0
  let digits = 0
  let decimals = 0
  for (let behindPoint = false; at < end; at++) {
    const digit = bytes[at]! - ZERO
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      digits++
      if (behindPoint) decimals++
    } else if (bytes[at] === POINT && !behindPoint) behindPoint = true
    else break
  }
  // Both are exact, so their quotient is rounded once and right (Clinger 1990).
  if (at === end && digits > 0 && digits <= EXACT_DIGITS) return (negative ? -mantissa : mantissa) / POWERS[decimals]!
  return Number(textOf(bytes, start, end))
}

/** Refuses numbers that stand for something else, and what `check` refuses. */
export function sentinelCheck({ name, sentinels = [] }: ColumnContract, check: Check): Check {
  const refused = new Set(sentinels)
  const finding: Finding = {
    code: 'sentinel_value',
    text: 'stands for a missing value',
    rule: `${name} is none of ${sentinels.join(', ')}`,
    storable: true,
  }
  return (bytes, start, end) => {
    const found = check(bytes, start, end)
    if (found !== null && found.storable !== true) return found
    return refused.has(readNumber(bytes, start, end)) ? finding : found
  }
}

function malformed(bytes: Uint8Array, start: number, end: number, type: 'int' | 'float'): Finding {
  return malformedText(textOf(bytes, start, end), type)
}

const INFINITE: Finding = { code: 'not_finite', text: 'is not finite', rule: 'numbers are finite' }
const WHOLE = 'whole numbers are written -?(0|[1-9][0-9]*)'
const FRACTION: Finding = { code: 'not_an_integer', text: 'is no whole number', rule: WHOLE }
const NO_INT: Finding = { code: 'not_a_number', text: 'is no number', rule: WHOLE }
const NO_FLOAT: Finding = {
  code: 'not_a_number',
  text: 'is no number',
  rule: 'numbers are written as 12, -0.5 or 1.5e-7',
}

function malformedText(text: string, type: 'int' | 'float'): Finding {
  if (NOT_FINITE.test(text)) return INFINITE
  if (type === 'float') return NO_FLOAT
  return DECIMAL.test(text) && !INTEGER.test(text) ? FRACTION : NO_INT
}

function outOfRange({ name, type, min, max }: ColumnContract, beyond: string | null): Finding {
  if (beyond !== null) {
    return {
      code: 'out_of_range',
      text: `is ${beyond}`,
      rule: type === 'int' ? `whole numbers lie within ±${Number.MAX_SAFE_INTEGER}` : 'numbers are finite float64',
    }
  }
  const bounds = [min === undefined ? null : `at least ${min}`, max === undefined ? null : `at most ${max}`]
  const rule = `${name} is ${bounds.filter((bound) => bound !== null).join(' and ')}`
  return { code: 'out_of_range', text: 'is out of range', rule, storable: true }
}
