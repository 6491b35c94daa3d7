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
