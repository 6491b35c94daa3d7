import type { Bins } from './bins.ts'

/** What the threads of one boosting fit see together. Only the thread that grows the tree writes outside its features. */
export interface BoostingMemory {
  readonly bins: Bins
  /** Rows of the tree that is grown; each node is a range of them. */
  readonly order: Int32Array
  /** Gradient pair of row `r` at `2 * r`. */
  readonly gradients: Float64Array
  /** Gradient pair of row `order[i]` at `2 * i`, in the range that is being counted. */
  readonly ordered: Float64Array
  /** Histogram of feature `f` of the leaf in slot `s` at `s * histogramWidth + histogramAt[f]`. */
  readonly histograms: Float64Array
  readonly histogramAt: Int32Array
  readonly histogramWidth: number
  /** Sums and bounds of the leaf in slot `s` at `4 * s`: gradient, packed, low, high. */
  readonly nodes: Float64Array
  /** Best split of feature `f` of the leaf in slot `s` at `FOUND * (s * features + f)`, see `Found`. */
  readonly found: Float64Array
  /** What counts a row in packed sums. */
  readonly unit: Float64Array
  /** Features that the tree may split. */
  readonly chosen: Int32Array
  /** What is being counted: see `Job`. */
  readonly job: Int32Array
}

/** Places in `job`. */
export const Job = { features: 0, slot: 1, start: 2, end: 3, parentSlot: 4, everyRow: 5, length: 6 } as const

/** Numbers a split found takes: gain, last bin left, side of null, sums of the left side, set of bins that go left. */
export const FOUND = 8
export const Found = { gain: 0, lastLeft: 1, nullLeft: 2, gradient: 3, packed: 4, set: 5 } as const

/** `nullLeft` as a number: there are no nulls. */
export const NO_NULLS = -1

export function boostingMemory(bins: Bins, leaves: number): BoostingMemory {
  const { rows, features } = bins
  const histogramAt = int32(features.length)
  let width = 0
  features.forEach((feature, f) => {
    histogramAt[f] = width
    width += 2 * (feature.bins + 1)
  })
  return {
    bins,
    order: int32(rows),
    gradients: float64(2 * rows),
    ordered: float64(2 * rows),
    // Pages that no leaf uses are never touched.
    histograms: float64(leaves * width),
    histogramAt,
    histogramWidth: width,
    nodes: float64(4 * leaves),
    found: float64(FOUND * leaves * features.length),
    unit: float64(1),
    chosen: int32(features.length),
    job: int32(Job.length),
  }
}

function int32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length))
}

function float64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}
