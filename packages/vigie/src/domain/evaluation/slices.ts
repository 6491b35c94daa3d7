import type { SliceColumn } from './predictions.ts'

/** A part of the rows. */
export interface Slice {
  readonly column: string
  /** The value that its rows share, or their range. */
  readonly value: string
  readonly rows: Int32Array
}

/** More values than this are ranges when they are numbers; else the most frequent are taken. */
const MOST_VALUES = 20
const RANGES = 4

/**
 * Parts the rows by the values of a column, most frequent first. Many different numbers become four ranges with about as
 * many rows each; of many texts the twenty most frequent are parts, and `left` says how many are not.
 */
export function slicesOf({ column, codes, names }: SliceColumn): {
  readonly slices: readonly Slice[]
  readonly left: number
} {
  const numbers = names.map((name) => (name.trim() === '' ? Number.NaN : Number(name)))
  if (names.length > MOST_VALUES && numbers.every(Number.isFinite)) {
    return { slices: ranges(column, codes, Float64Array.from(numbers)), left: 0 }
  }
  const counts = new Int32Array(names.length)
  for (const code of codes) counts[code]!++
  const kept = [...names.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, MOST_VALUES)
  const rows = new Map(kept.map((code) => [code, new Int32Array(counts[code]!)]))
  const filled = new Int32Array(names.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    const of = rows.get(code)
    if (of) of[filled[code]!++] = row
  }
  return {
    slices: kept.map((code) => ({
      column,
      value: names[code] === '' ? '(empty)' : names[code]!,
      rows: rows.get(code)!,
    })),
    left: names.length - kept.length,
  }
}

function ranges(column: string, codes: Int32Array, numbers: Float64Array): readonly Slice[] {
  const values = Float64Array.from(codes, (code) => numbers[code]!)
  const sorted = values.slice().sort()
  const edges = Array.from({ length: RANGES - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / RANGES)]!)
  const inner = [...new Set(edges)]
  return [...inner, Number.POSITIVE_INFINITY].flatMap((end, i) => {
    const begin = i === 0 ? Number.NEGATIVE_INFINITY : inner[i - 1]!
    const rows = Int32Array.from(values.keys()).filter((row) => values[row]! >= begin && values[row]! < end)
    const value =
      i === 0 ? `below ${end}` : end === Number.POSITIVE_INFINITY ? `${begin} and more` : `${begin} to below ${end}`
    return rows.length === 0 ? [] : [{ column, value, rows }]
  })
}
