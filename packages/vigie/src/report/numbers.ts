/** Fixed decimals with a real minus sign; a zero has none. */
export function fixed(value: number, decimals = 3): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text
}

/** A difference: always with its sign. */
export function signed(value: number, decimals = 3): string {
  return value >= 0 ? `+${fixed(value, decimals)}` : fixed(value, decimals)
}

/** A share as percent: 0.242 is `24.2 %`. Never rounds something to 0.0 or 100.0. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %'
  if (share < 1 && share > 0.9995) return '> 99.9 %'
  return `${fixed(share * 100, 1)} %`
}

/** A whole number in groups of three: `7,043`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A measured value of any size with about three digits: `29.63`, `1,234`, `0.0021`, `9.4e-7`. */
export function quantity(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e9 || size < 1e-3))
    return value.toExponential(2).replace('-', '\u2212').replace('e+', 'e')
  if (Number.isInteger(value)) return count(value).replace('-', '\u2212')
  if (size >= 1000) return count(Math.round(value)).replace('-', '\u2212')
  return fixed(value, size >= 1 ? 2 : 4)
}

/** A tick of an axis: as short as it can be. */
export function tick(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6 || (size !== 0 && size < 0.01)) {
    return value.toExponential(1).replace('-', '\u2212').replace('e+', 'e').replace('.0e', 'e')
  }
  if (size >= 1000) return `${fixed(value / 1000, Number.isInteger(value / 1000) ? 0 : 1)}k`
  if (size >= 10 || Number.isInteger(value)) return fixed(value, 0)
  return fixed(value, 2).replace(/0$/, '')
}

/** A score of a test: four decimals, and never 0 for something that is not. */
export function score(value: number): string {
  return value !== 0 && Math.abs(value) < 0.0001 ? '< 0.0001' : fixed(value, 4)
}

/** `1 feature`, `2 features`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`
}
