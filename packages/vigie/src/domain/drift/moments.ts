/** Arithmetic mean. NaN for an empty sample. */
export function mean(values: Float64Array): number {
  const n = values.length
  let sum = 0
  for (const value of values) sum += value
  if (Number.isFinite(sum)) return sum / n
  // The sum of very large values leaves float64 though their mean does not.
  let scaled = 0
  for (const value of values) scaled += value / n
  return scaled
}

/**
 * Standard deviation with divisor n (`ddof=0`), in two passes. NaN for an empty sample. Deviations are scaled before
 * they are squared: an infinite deviation would turn any distance in units of it into 0.
 */
export function standardDeviation(values: Float64Array): number {
  const center = mean(values)
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value - center))
  if (largest === 0) return 0
  let squares = 0
  for (const value of values) squares += ((value - center) / largest) ** 2
  return largest * Math.sqrt(squares / values.length)
}

/** Quantile of an ascending sample by linear interpolation (Hyndman and Fan's type 7, numpy's default). */
export function quantile(ascending: Float64Array, share: number): number {
  const position = (ascending.length - 1) * share
  const below = Math.floor(position)
  const weight = position - below
  const low = ascending[below]!
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!
  return low * (1 - weight) + high * weight
}
