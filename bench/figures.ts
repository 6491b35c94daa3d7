/** Of an odd number of values the middle one, of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
