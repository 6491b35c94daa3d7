/**
 * What the kernel does, in JavaScript: for memory that it cannot address. The same results to the last bit, for sums of
 * gradients are exact.
 */

/**
 * Adds the gradient pairs at `2 * i` of `pairs` for positions `start` to `end - 1` to the cells of their rows' bins:
 * cell `b` is `histogram[at + 2 * b]` (gradient) and the number after it (packed, see `gradients.ts`). Position `i` is
 * row `order[i]` of `codes`.
 */
export function addRows(
  histogram: Float64Array,
  at: number,
  codes: Uint8Array,
  order: Int32Array,
  pairs: Float64Array,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    const cell = at + (codes[order[i]!]! << 1)
    histogram[cell]! += pairs[2 * i]!
    histogram[cell + 1]! += pairs[2 * i + 1]!
  }
}

/** `addRows` where position `i` is row `i`. */
export function addEveryRow(
  histogram: Float64Array,
  at: number,
  codes: Uint8Array,
  pairs: Float64Array,
  rows: number,
): void {
  for (let i = 0; i < rows; i++) {
    const cell = at + (codes[i]! << 1)
    histogram[cell]! += pairs[2 * i]!
    histogram[cell + 1]! += pairs[2 * i + 1]!
  }
}

/** Turns a node's histogram into that of its larger child. Exact, for the sums are. */
export function subtract(histogram: Float64Array, at: number, smaller: number, length: number): void {
  for (let i = 0; i < length; i++) histogram[at + i]! -= histogram[smaller + i]!
}

/** Brings the gradient pairs of positions `start` to `end - 1` together. */
export function gather(
  pairs: Float64Array,
  gradients: Float64Array,
  order: Int32Array,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    const row = order[i]!
    pairs[2 * i] = gradients[2 * row]!
    pairs[2 * i + 1] = gradients[2 * row + 1]!
  }
}

/**
 * Parts positions `start` to `end - 1`: rows that go left to the front of that range of `parted` in their order, the
 * others to its end in turned order. Returns how many go left.
 */
export function partRows(
  parted: Int32Array,
  order: Int32Array,
  codes: Uint8Array,
  goesLeft: Uint8Array,
  start: number,
  end: number,
): number {
  let left = start
  let right = end - 1
  for (let i = start; i < end; i++) {
    const row = order[i]!
    const toLeft = goesLeft[codes[row]!]!
    parted[left] = row
    parted[right] = row
    left += toLeft
    right -= 1 - toLeft
  }
  return left - start
}

/** Adds a step to the scores of the rows in positions `start` to `end - 1`. */
export function addStep(scores: Float64Array, order: Int32Array, start: number, end: number, step: number): void {
  for (let i = start; i < end; i++) scores[order[i]!]! += step
}
