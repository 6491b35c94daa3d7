/** `7,043` */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A share as whole or tenth percent: `57 %`, `0.4 %`. */
export function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : Number(value.toPrecision(2))} %`
}

/** About three digits: `29.6`, `0.0021`. */
export function quantity(value: number): string {
  return String(Number(value.toPrecision(3)))
}
