/** Points of a line, `x` ascending. */
export interface Curve {
  readonly x: Float64Array
  readonly y: Float64Array
}

/**
 * The least-squares curve that never falls (isotonic regression, by pooling adjacent violators: Barlow et al. 1972), as
 * the points between which it is drawn straight. Rows of one `x` count as their mean. Where the curve is flat only the
 * first and the last point of the flat part stay, as in scikit-learn.
 *
 * @param weight of each row, above 0; null: all count the same
 */
export function isotonicCurve(x: Float64Array, y: Float64Array, weight: Float64Array | null): Curve {
  const order = Uint32Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a]! - x[b]! || a - b)
  const places = new Float64Array(x.length)
  const heights = new Float64Array(x.length)
  const weights = new Float64Array(x.length)
  let points = 0
  for (const row of order) {
    const w = weight === null ? 1 : weight[row]!
    if (points === 0 || places[points - 1] !== x[row]) places[points++] = x[row]!
    heights[points - 1]! += w * y[row]!
    weights[points - 1]! += w
  }
  for (let i = 0; i < points; i++) heights[i]! /= weights[i]!
  const ends = poolAdjacent(heights, weights, points)
  const kept: { x: number; y: number }[] = []
  let from = 0
  for (let block = 0; block < ends.length; block++) {
    const to = ends[block]!
    const height = heights[block]!
    kept.push({ x: places[from]!, y: height })
    if (to - from > 1) kept.push({ x: places[to - 1]!, y: height })
    from = to
  }
  return { x: Float64Array.from(kept, (p) => p.x), y: Float64Array.from(kept, (p) => p.y) }
}

/** Leaves the height of each block in the first places of `heights`, and returns where each ends. */
function poolAdjacent(heights: Float64Array, weights: Float64Array, points: number): number[] {
  const ends: number[] = []
  for (let i = 0; i < points; i++) {
    let height = heights[i]!
    let weight = weights[i]!
    while (ends.length > 0 && heights[ends.length - 1]! >= height) {
      ends.pop()
      const block = ends.length
      const total = weights[block]! + weight
      height = (heights[block]! * weights[block]! + height * weight) / total
      weight = total
    }
    heights[ends.length] = height
    weights[ends.length] = weight
    ends.push(i + 1)
  }
  return ends
}
