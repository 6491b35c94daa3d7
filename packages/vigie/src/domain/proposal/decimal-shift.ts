/**
 * `x` times 10^`by`, rounded once, from the decimal digits of `x`: 0.07 by 2 is 7, where 0.07 x 100 is
 * 7.000000000000001. Shifting back gives `x` again.
 */
export function decimalShift(x: number, by: number): number {
  const [digits, exponent = '0'] = String(x).split('e')
  return Number(`${digits}e${Number(exponent) + by}`)
}
