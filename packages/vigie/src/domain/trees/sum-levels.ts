/**
 * What one feature looks like among the rows of one node, as sums: its occupied bins in order, the distinct rows in each
 * and `channels` sums over them. The general form of `levels.ts`.
 */
export interface SumLevels {
  count: number
  readonly bin: Int32Array
  readonly rows: Int32Array
  /** Level by level, `channels` sums each. */
  readonly sums: Float64Array
}

/** Adds the row to the sums that begin at `at`. */
export type AddRow = (sums: Float64Array, at: number, row: number) => void

/** Largest node that is sorted. */
const SORT_UP_TO = 48

export function emptySumLevels(channels: number): SumLevels {
  return { count: 0, bin: new Int32Array(256), rows: new Int32Array(256), sums: new Float64Array(256 * channels) }
}

const keys = new Int32Array(SORT_UP_TO)

/** Fills `levels` with the bins that rows `order[start .. end-1]` have in `codes`. */
export function collectSums(
  levels: SumLevels,
  channels: number,
  codes: Uint8Array,
  order: Int32Array,
  start: number,
  end: number,
  bins: number,
  add: AddRow,
): void {
  const n = end - start
  if (n <= SORT_UP_TO && n * n <= 4 * bins) bySorting(levels, channels, codes, order, start, n, add)
  else byHistogram(levels, channels, codes, order, start, end, bins, add)
}

function bySorting(
  levels: SumLevels,
  channels: number,
  codes: Uint8Array,
  order: Int32Array,
  start: number,
  n: number,
  add: AddRow,
): void {
  for (let i = 0; i < n; i++) {
    const key = (codes[order[start + i]!]! << 6) | i
    let at = i
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!
    keys[at] = key
  }
  const { bin, rows, sums } = levels
  let level = -1
  for (let i = 0; i < n; i++) {
    const code = keys[i]! >> 6
    if (level < 0 || bin[level] !== code) {
      bin[++level] = code
      rows[level] = 0
      sums.fill(0, level * channels, (level + 1) * channels)
    }
    rows[level]! += 1
    add(sums, level * channels, order[start + (keys[i]! & 63)]!)
  }
  levels.count = level + 1
}

function byHistogram(
  levels: SumLevels,
  channels: number,
  codes: Uint8Array,
  order: Int32Array,
  start: number,
  end: number,
  bins: number,
  add: AddRow,
): void {
  const { bin, rows, sums } = levels
  rows.fill(0, 0, bins + 1)
  sums.fill(0, 0, (bins + 1) * channels)
  for (let i = start; i < end; i++) {
    const row = order[i]!
    const code = codes[row]!
    rows[code]! += 1
    add(sums, code * channels, row)
  }
  let count = 0
  for (let code = 0; code <= bins; code++) {
    if (rows[code] === 0) continue
    bin[count] = code
    rows[count] = rows[code]!
    for (let c = 0; c < channels; c++) sums[count * channels + c] = sums[code * channels + c]!
    count++
  }
  levels.count = count
}
