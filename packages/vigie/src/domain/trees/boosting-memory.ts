import type { Bins } from './bins.ts'
import { growMemory, type KernelMemory, kernelMemory } from './histogram-kernel.ts'

/**
 * What the threads of one boosting fit see together. One thread leads: it says in `job` what is to be done next. The
 * pieces of a job touch nothing of each other, so any thread may do any of them.
 */
export interface BoostingMemory {
  readonly bins: Bins
  /** Scores a row: one, or one for each class. */
  readonly outputs: number
  /** Where the arrays lie that the kernel reads; null when there is none. */
  readonly kernelMemory: KernelMemory | null
  /** The codes of `bins`; a copy when they lie in the kernel's memory. */
  readonly codes: Uint8Array
  /** Sum of the trees' steps in row `r` for output `k` at `k * rows + r`. */
  readonly scores: Float64Array
  /** Logarithm of the sum of e^score over the classes, a row, at the beginning of the round. Empty for one output. */
  readonly logSums: Float64Array
  /** Rows of the tree that is grown; each node is a range of them. */
  readonly order: Int32Array
  /** Rows of the node that is being parted, piece by piece. */
  readonly parted: Int32Array
  /** Rows that the tree is not grown on: `rows - grown` of them. */
  readonly others: Int32Array
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
  /** Features that the tree may split. */
  readonly chosen: Int32Array
  readonly tree: TreeInBins
  /** What is to be done: see `Job`. */
  readonly job: Int32Array
  /** What goes with it, see `Figure`. */
  readonly figures: Float64Array
  /** What each piece of a job leaves: two sums, or how many rows go left and how many of the pieces before do. */
  readonly partial: Float64Array
}

/** The tree that is grown as its rows are walked by bins. */
export interface TreeInBins {
  /** Nodes as in `packed.ts`. */
  readonly words: Int32Array
  readonly values: Float64Array
  /** Split of each node, or -1 for a leaf. */
  readonly splitOf: Int32Array
  readonly featureOf: Int32Array
  /** 1 when bin `b` goes left by split `s`, at `s << 8 | b`. */
  readonly goesLeft: Uint8Array
  /** Of the leaf in slot `s`: its rows are `order[start[s] .. end[s] - 1]`, and its node. */
  readonly start: Int32Array
  readonly end: Int32Array
  readonly at: Int32Array
}

/** Features are counted in groups of so many. */
export const GROUP = 4
/** Numbers a histogram of the most bins takes, and three of them. */
export const LONGEST = 512
const SPARE = (GROUP - 1) * LONGEST
/** Rows a piece of a job has: fixed, for sums of pieces must not depend on the threads. */
export const PIECE = 16_384

/** Places in `job`. */
export const Job = {
  kind: 0,
  pieces: 1,
  /** 1: done before another thread would have heard of it. */
  alone: 2,
  /** The positions of rows that it is about. */
  start: 3,
  end: 4,
  /** How many features are chosen, for as long as the tree is grown. */
  features: 5,
  slot: 6,
  parentSlot: 7,
  everyRow: 8,
  split: 9,
  /** Where the right side begins, and the side whose pairs are gathered: -1 for none, 0 left, 1 right. */
  middle: 10,
  gathered: 11,
  output: 12,
  leaves: 13,
  length: 14,
} as const

export const JobKind = {
  copyCodes: 0,
  logSums: 1,
  gradients: 2,
  round: 3,
  gather: 4,
  count: 5,
  part: 6,
  place: 7,
  addSteps: 8,
  addOthers: 9,
  loss: 10,
} as const

/** Places in `figures`: what counts a row in packed sums; steps of gradients; numbers are `(y - shift) * scale`. */
export const Figure = { unit: 0, gradientStep: 1, hessianStep: 2, shift: 3, scale: 4, length: 5 } as const

/** Numbers a split found takes: gain, last bin left, side of null, sums of the left side, set of bins that go left. */
export const FOUND = 8
export const Found = { gain: 0, lastLeft: 1, nullLeft: 2, gradient: 3, packed: 4, set: 5 } as const

/** `nullLeft` as a number: there are no nulls. */
export const NO_NULLS = -1

/**
 * Room for trees of so many leaves, `outputs` in each round, with at most `leftOut` rows that a tree is not grown on. It
 * lies in the memory of the kernel, unless that is too small or `kernel` is false: then the same is done in JavaScript,
 * with the same results. For a million rows of 28 features it is 55 MB beside the codes.
 */
export function boostingMemory(
  bins: Bins,
  leaves: number,
  {
    outputs = 1,
    leftOut = bins.rows,
    kernel = true,
  }: { readonly outputs?: number; readonly leftOut?: number; readonly kernel?: boolean } = {},
): BoostingMemory {
  const { rows, features } = bins
  const histogramAt = shared(Int32Array, features.length)
  let width = 0
  features.forEach((feature, f) => {
    histogramAt[f] = width
    width += 2 * (feature.bins + 1)
  })
  const pairs = 2 * rows
  const nodes = 2 * leaves
  const float64s = 2 * pairs + outputs * rows + leaves * width + SPARE
  const own = 8 * float64s + 4 * (2 * rows) + (leaves << 8)
  const { wasm, first, codesAreThere } = memoryOfKernel(bins, own, kernel)
  // Float64 first, then whole numbers, then bytes: all are aligned.
  let used = first
  const take = (bytes: number): [ArrayBufferLike, number] => {
    used += bytes
    return wasm === null ? [new SharedArrayBuffer(bytes), 0] : [wasm.buffer, used - bytes]
  }
  const float64 = (length: number) => new Float64Array(...take(8 * length), length)
  const int32 = (length: number) => new Int32Array(...take(4 * length), length)
  const bytes = (length: number) => new Uint8Array(...take(length), length)
  const inTree = new SharedArrayBuffer(16 * nodes)
  return {
    bins,
    outputs,
    kernelMemory: wasm,
    gradients: float64(pairs),
    ordered: float64(pairs),
    scores: float64(outputs * rows),
    // Pages that no leaf uses are never touched.
    histograms: float64(leaves * width),
    spare: float64(SPARE),
    order: int32(rows),
    parted: int32(rows),
    codes: wasm === null || codesAreThere ? bins.codes : bytes(bins.codes.length),
    histogramAt,
    histogramWidth: width,
    logSums: shared(Float64Array, outputs > 1 ? rows : 0),
    others: shared(Int32Array, leftOut),
    nodes: shared(Float64Array, 4 * leaves),
    found: shared(Float64Array, FOUND * leaves * features.length),
    chosen: shared(Int32Array, features.length),
    tree: {
      words: new Int32Array(inTree),
      values: new Float64Array(inTree),
      splitOf: shared(Int32Array, nodes),
      featureOf: shared(Int32Array, leaves),
      goesLeft: bytes(leaves << 8),
      start: shared(Int32Array, leaves),
      end: shared(Int32Array, leaves),
      at: shared(Int32Array, leaves),
    },
    job: shared(Int32Array, Job.length),
    figures: shared(Float64Array, Figure.length),
    partial: shared(Float64Array, 2 * Math.max(1, Math.ceil(rows / PIECE))),
  }
}

/** The memory in which the codes lie already, made larger, or one for a copy of them too. */
function memoryOfKernel({ kernelMemory: memory, codes }: Bins, bytes: number, kernel: boolean) {
  const first = kernel && memory !== null ? growMemory(memory, bytes) : null
  if (first !== null) return { wasm: memory, first, codesAreThere: true }
  return { wasm: kernel && memory === null ? kernelMemory(bytes + codes.length) : null, first: 0, codesAreThere: false }
}

function shared<T>(Kind: new (buffer: SharedArrayBuffer) => T, length: number): T {
  const bytes = (Kind as unknown as { readonly BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT
  return new Kind(new SharedArrayBuffer(length * bytes))
}
