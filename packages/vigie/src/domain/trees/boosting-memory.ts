import type { Bins } from './bins.ts'
import { type KernelMemory, kernelMemory } from './histogram-kernel.ts'

/** What the threads of one boosting fit see together. Only the thread that grows the tree writes outside its features. */
export interface BoostingMemory {
  readonly bins: Bins
  /** Where the arrays lie that the kernel reads; null when there is none. */
  readonly kernelMemory: KernelMemory | null
  /** The codes of `bins`; a copy in the kernel's memory, which the thread that grows the trees makes. */
  readonly codes: Uint8Array
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
  /** Histograms that nobody reads, of features that a group lacks. */
  readonly spare: Float64Array
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

/** Features are counted in groups of so many. */
export const GROUP = 4
/** Numbers a histogram of the most bins takes, and three of them. */
export const LONGEST = 512
const SPARE = (GROUP - 1) * LONGEST

/** Places in `job`. */
export const Job = { features: 0, slot: 1, start: 2, end: 3, parentSlot: 4, everyRow: 5, length: 6 } as const

/** Numbers a split found takes: gain, last bin left, side of null, sums of the left side, set of bins that go left. */
export const FOUND = 8
export const Found = { gain: 0, lastLeft: 1, nullLeft: 2, gradient: 3, packed: 4, set: 5 } as const

/** `nullLeft` as a number: there are no nulls. */
export const NO_NULLS = -1

/**
 * Room for trees of so many leaves. It lies in the memory of the kernel, unless that is too small or `kernel` is false:
 * then histograms are added to in JavaScript, with the same results.
 */
export function boostingMemory(
  bins: Bins,
  leaves: number,
  { kernel = true }: { readonly kernel?: boolean } = {},
): BoostingMemory {
  const { rows, features } = bins
  const histogramAt = new Int32Array(new SharedArrayBuffer(4 * features.length))
  let width = 0
  features.forEach((feature, f) => {
    histogramAt[f] = width
    width += 2 * (feature.bins + 1)
  })
  const pairs = 2 * rows
  const forKernel = 8 * (2 * pairs + leaves * width + SPARE) + 4 * rows + bins.codes.length
  const wasm = kernel ? kernelMemory(forKernel) : null
  // Float64 first, then whole numbers, then bytes: all are aligned.
  let used = 0
  const take = (bytes: number): [ArrayBufferLike, number] => {
    used += bytes
    return wasm === null ? [new SharedArrayBuffer(bytes), 0] : [wasm.buffer, used - bytes]
  }
  const float64 = (length: number) => new Float64Array(...take(8 * length), length)
  return {
    bins,
    kernelMemory: wasm,
    gradients: float64(pairs),
    ordered: float64(pairs),
    // Pages that no leaf uses are never touched.
    histograms: float64(leaves * width),
    spare: float64(SPARE),
    order: new Int32Array(...take(4 * rows), rows),
    codes: wasm === null ? bins.codes : new Uint8Array(...take(bins.codes.length), bins.codes.length),
    histogramAt,
    histogramWidth: width,
    nodes: new Float64Array(new SharedArrayBuffer(8 * 4 * leaves)),
    found: new Float64Array(new SharedArrayBuffer(8 * FOUND * leaves * features.length)),
    unit: new Float64Array(new SharedArrayBuffer(8)),
    chosen: new Int32Array(new SharedArrayBuffer(4 * features.length)),
    job: new Int32Array(new SharedArrayBuffer(4 * Job.length)),
  }
}
