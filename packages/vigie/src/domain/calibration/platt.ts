import { minimise } from '../linear/newton.ts'

/**
 * Platt's sigmoid `1 / (1 + exp(-(slope * x + intercept)))` of the least log loss, towards targets that are kept off 0
 * and 1: `(positives + 1) / (positives + 2)` and `1 / (negatives + 2)` (Platt 1999; Lin, Lin and Weng 2007).
 *
 * @param y 0 or 1 a row
 * @param weight of each row, above 0; null: all count the same
 */
export function plattSigmoid(
  x: Float64Array,
  y: Float64Array,
  weight: Float64Array | null,
): { readonly slope: number; readonly intercept: number } {
  let positives = 0
  let negatives = 0
  for (let i = 0; i < y.length; i++) {
    const w = weight === null ? 1 : weight[i]!
    if (y[i] === 1) positives += w
    else negatives += w
  }
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (negatives + 2)
  const p = new Float64Array(x.length)
  const at = (solution: Float64Array, gradient: Float64Array): number => {
    let loss = 0
    gradient.fill(0)
    for (let i = 0; i < x.length; i++) {
      const w = weight === null ? 1 : weight[i]!
      const t = y[i] === 1 ? high : low
      const s = solution[0]! * x[i]! + solution[1]!
      const e = Math.exp(-Math.abs(s))
      loss += w * (Math.log1p(e) + Math.max(s, 0) - t * s)
      p[i] = s >= 0 ? 1 / (1 + e) : e / (1 + e)
      const slope = w * (p[i]! - t)
      gradient[0]! += slope * x[i]!
      gradient[1]! += slope
    }
    return loss
  }
  const hessian = (): readonly [number, number, number] => {
    const sums: [number, number, number] = [0, 0, 0]
    for (let i = 0; i < x.length; i++) {
      const bend = (weight === null ? 1 : weight[i]!) * p[i]! * (1 - p[i]!)
      sums[0] += bend * x[i]! * x[i]!
      sums[1] += bend * x[i]!
      sums[2] += bend
    }
    return sums
  }
  const curvature = (v: Float64Array, out: Float64Array): void => {
    const [xx, xc, cc] = hessian()
    out[0] = xx * v[0]! + xc * v[1]!
    out[1] = xc * v[0]! + cc * v[1]!
  }
  const diagonal = (out: Float64Array): void => {
    const [xx, , cc] = hessian()
    out[0] = xx
    out[1] = cc
  }
  const solution = Float64Array.of(0, Math.log((positives + 1) / (negatives + 1)))
  minimise({ at, curvature, diagonal }, solution, { maxIterations: 100, tolerance: 1e-10 * x.length })
  return { slope: solution[0]!, intercept: solution[1]! }
}
