import type { FeatureColumn } from '../feature-spec.ts'

/** What one feature contributes over many rows. */
export interface FeatureContributions {
  /** Mean size, whichever way, over rows and outputs, with a 95 % interval over the rows. */
  readonly size: { readonly estimate: number; readonly low: number; readonly high: number }
  /** Correlation of value and contribution: 1 when higher values raise the score. Null where there is no order or no spread. */
  readonly direction: number | null
  /** Of some rows: the contribution, and where the value is among all, from 0 (least) to 1; null for a null or no order. */
  readonly points: readonly (readonly [contribution: number, rank: number | null])[]
}

/** Rows that are kept as points. */
const POINTS = 150

/**
 * Mean |contribution| of each feature. `phi` holds, row by row, for each output the contributions of all features. With
 * several outputs there is neither direction nor points.
 */
export function contributionSizes(
  phi: Float64Array,
  columns: readonly Float64Array[],
  spec: readonly Pick<FeatureColumn, 'type'>[],
): readonly FeatureContributions[] {
  const width = columns.length
  const rows = columns[0]!.length
  const outputs = phi.length / (rows * width)
  return columns.map((column, f) => {
    const sizes = new Float64Array(rows)
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < outputs; k++) sizes[i]! += Math.abs(phi[(i * outputs + k) * width + f]!) / outputs
    }
    const own = Float64Array.from({ length: rows }, (_, i) => phi[i * width + f]!)
    const ordered = spec[f]!.type !== 'category'
    return {
      size: meanWithInterval(sizes),
      direction: outputs === 1 && ordered ? correlation(column, own) : null,
      points: outputs === 1 ? pointsOf(own, ordered ? column : null) : [],
    }
  })
}

function meanWithInterval(x: Float64Array): FeatureContributions['size'] {
  const n = x.length
  const estimate = x.reduce((sum, value) => sum + value, 0) / n
  const variance = n < 2 ? 0 : x.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (n - 1)
  const half = 1.96 * Math.sqrt(variance / n)
  return { estimate, low: Math.max(0, estimate - half), high: estimate + half }
}

/** Of the rows that have a value. */
function correlation(x: Float64Array, y: Float64Array): number | null {
  let n = 0
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue
    n++
    meanX += (x[i]! - meanX) / n
    meanY += (y[i]! - meanY) / n
  }
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue
    xx += (x[i]! - meanX) ** 2
    yy += (y[i]! - meanY) ** 2
    xy += (x[i]! - meanX) * (y[i]! - meanY)
  }
  const spread = Math.sqrt(xx * yy)
  return spread > 0 ? Math.min(1, Math.max(-1, xy / spread)) : null
}

function pointsOf(own: Float64Array, values: Float64Array | null): FeatureContributions['points'] {
  const every = Math.max(1, Math.ceil(own.length / POINTS))
  const known = values === null ? null : Float64Array.from(values.filter((x) => !Number.isNaN(x))).sort()
  const points: [number, number | null][] = []
  for (let i = 0; i < own.length; i += every) points.push([own[i]!, known && rankOf(values![i]!, known)])
  return points
}

/** Middle of the place among sorted values, 0 to 1. */
function rankOf(x: number, sorted: Float64Array): number | null {
  if (Number.isNaN(x) || sorted.length === 0) return null
  let below = 0
  let upTo = 0
  for (const value of sorted) {
    if (value < x) below++
    if (value <= x) upTo++
  }
  return (below + upTo) / (2 * sorted.length)
}
