/**
 * The height at `x` of the straight lines between `count` points, constant beyond the first and the last. `points` holds
 * from `at` their places, ascending, and then their heights. NaN stays NaN.
 */
export function interpolate(points: Float64Array, at: number, count: number, x: number): number {
  const last = at + count - 1
  if (Number.isNaN(x)) return x
  if (x <= points[at]!) return points[at + count]!
  if (x >= points[last]!) return points[last + count]!
  let low = at
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (points[middle]! <= x) low = middle
    else high = middle
  }
  const from = points[low + count]!
  const to = points[high + count]!
  const height = from + ((x - points[low]!) / (points[high]! - points[low]!)) * (to - from)
  // Rounding must not lead beyond the points: the curve never falls.
  return Math.min(Math.max(height, Math.min(from, to)), Math.max(from, to))
}
