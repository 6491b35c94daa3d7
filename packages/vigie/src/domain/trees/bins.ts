import { VigieError } from '../../errors.ts'
import type { FeatureSpec } from '../feature-spec.ts'

/** Bins a feature may have beside bin 0, so that a bin fits one byte. */
export const MAX_BINS = 254
/** Categories a feature may have, so that the left side of a split fits a mask of 64 bits. */
export const MAX_CATEGORIES = 64

export interface BinnedFeature {
  readonly kind: 'numeric' | 'category'
  /** Bins 1 to `bins` hold values. Bin 0 holds null. */
  readonly bins: number
}

/** Features as small whole numbers that keep the order of the values: what trees are grown on. Shared by threads. */
export interface Bins {
  readonly rows: number
  readonly features: readonly BinnedFeature[]
  /** Bin of feature `f` in row `i`, at `f * rows + i`. */
  readonly codes: Uint8Array
  /** Least and greatest value in bin `b` of numeric feature `f`, at `f << 8 | b`. */
  readonly least: Float64Array
  readonly greatest: Float64Array
}

/**
 * Bins every column (NaN is null). A numeric feature with at most 254 distinct values gets a bin for each: its splits
 * are exact. With more, each bin holds about the same number of rows, and equal values are never parted. The bin of a
 * category is its code + 1. Throws `too_many_categories` above 64.
 */
export function binFeatures(spec: FeatureSpec, columns: readonly Float64Array[], rows: number): Bins {
  const codes = new Uint8Array(new SharedArrayBuffer(spec.length * rows))
  const least = new Float64Array(new SharedArrayBuffer(spec.length * 256 * 8))
  const greatest = new Float64Array(new SharedArrayBuffer(spec.length * 256 * 8))
  const features = spec.map((feature, f): BinnedFeature => {
    const column = columns[f]!
    const target = codes.subarray(f * rows, (f + 1) * rows)
    if (feature.type === 'category') {
      const bins = feature.categories?.length ?? 0
      if (bins > MAX_CATEGORIES) {
        throw new VigieError('too_many_categories', `${feature.name} has ${bins} categories`, {
          rule: `a forest reads at most ${MAX_CATEGORIES} categories a feature`,
          value: String(bins),
          column: feature.name,
        })
      }
      for (let i = 0; i < rows; i++) target[i] = Number.isNaN(column[i]!) ? 0 : column[i]! + 1
      return { kind: 'category', bins }
    }
    const from = least.subarray(f << 8, (f << 8) + 256)
    const bins = findBins(column, from, greatest.subarray(f << 8, (f << 8) + 256))
    for (let i = 0; i < rows; i++) target[i] = binOf(column[i]!, from, bins)
    return { kind: 'numeric', bins }
  })
  return { rows, features, codes, least, greatest }
}

/** Fills the least and greatest value of bins 1, 2, ... and returns how many there are. */
function findBins(column: Float64Array, least: Float64Array, greatest: Float64Array): number {
  const sorted = column.slice().sort()
  // Typed arrays sort NaN to the end.
  let n = sorted.length
  while (n > 0 && Number.isNaN(sorted[n - 1]!)) n--

  let distinct = 0
  for (let i = 0; i < n; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++
  const exact = distinct <= MAX_BINS

  let bin = 0
  let quantile = -1
  for (let i = 0; i < n; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue
    const q = Math.floor((i * MAX_BINS) / n)
    if (exact || q !== quantile) {
      bin++
      quantile = q
      least[bin] = sorted[i]!
    }
    greatest[bin] = sorted[i]!
  }
  return bin
}

/** The last bin whose least value is not above `value`; 0 for null. */
function binOf(value: number, least: Float64Array, bins: number): number {
  if (Number.isNaN(value)) return 0
  let low = 1
  let high = bins
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (least[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}
