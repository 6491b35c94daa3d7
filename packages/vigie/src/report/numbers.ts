import type { DriftedWhen } from '../domain/drift/drift-tests.ts'
/** Fixed decimals with a real minus sign; a zero has none. */
export function fixed(value: number, decimals = 3): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text
}

/** A difference: always with its sign. */
export function signed(value: number, decimals = 3): string {
  return value >= 0 ? `+${fixed(value, decimals)}` : fixed(value, decimals)
}

/** A share as percent: 0.242 is `24.2 %`, unbroken. Never rounds something to 0.0 or 100.0. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1\u00a0%'
  if (share < 1 && share > 0.9995) return '> 99.9\u00a0%'
  return `${fixed(share * 100, 1)}\u00a0%`
}

/** A whole number in groups of three: `7,043`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A measured value of any size with about three digits: `29.63`, `1,234`, `0.0021`, `9.40e\u22127`. */
export function quantity(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e9 || size < 1e-3)) return exponent(value.toExponential(2))
  if (Number.isInteger(value)) return realMinus(count(value))
  if (size >= 1000) return realMinus(count(Math.round(value)))
  return fixed(value, size >= 1 ? 2 : 4)
}

/** Labels of an axis, as short as they can be while each stays within `tolerance` of its value. */
export function ticks(values: readonly number[], tolerance: number): readonly string[] {
  const shown = values.map((value) => (Math.abs(value) < tolerance / 10 ? 0 : value))
  let digits = 1
  while (digits < 17 && shown.some((value) => Math.abs(Number(value.toPrecision(digits)) - value) > tolerance)) digits++
  return shown.map((value) => tick(Number(value.toPrecision(digits))))
}

function tick(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6 || (size !== 0 && size < 0.001)) return exponent(value.toExponential())
  if (size >= 1000) return `${realMinus(String(value / 1000))}k`
  return realMinus(String(value))
}

function exponent(text: string): string {
  return realMinus(text.replace('e+', 'e'))
}

function realMinus(text: string): string {
  return text.replaceAll('-', '\u2212')
}

/** A score of a test: four decimals, and never 0 for something that is not. */
export function score(value: number): string {
  return value !== 0 && Math.abs(value) < 0.0001 ? '< 0.0001' : fixed(value, 4)
}

/** A comparison as it is printed. */
export const SIGNS: Readonly<Record<DriftedWhen, string>> = { '>': '>', '>=': '\u2265', '<=': '\u2264', '<': '<' }

/** `1 feature`, `2 features`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`
}
