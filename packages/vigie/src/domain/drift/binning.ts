import type { ColumnPair } from './column-pair.ts'
import { distinct, total } from './pooled-counts.ts'

/** Numbers with more distinct reference values than this are grouped into equal bins; others have a bin a value. */
const MOST_VALUES_OF_THEIR_OWN = 20

/** Shares of the cleaned rows over the same bins. Each side adds up to 1. */
export interface Shares {
  readonly reference: Float64Array
  readonly current: Float64Array
}

/**
 * Evidently's bins for distances of distributions: one a distinct value of both sides for categories and for numbers
 * with at most 20 distinct reference values, Sturges' equal bins over the pooled range otherwise.
 */
export function binnedShares(column: ColumnPair): Shares {
  const { kind, reference, current, counts, whole } = column
  if (kind === 'num' && distinct(counts.reference) > MOST_VALUES_OF_THEIR_OWN) {
    const low = counts.values[0]!
    const high = counts.values.at(-1)!
    const edges = sturgesEdges(low, high, reference.length + current.length, whole)
    return { reference: shares(histogram(reference, edges)), current: shares(histogram(current, edges)) }
  }
  return { reference: shares(counts.reference), current: shares(counts.current) }
}

/**
 * Edges of equal bins by Sturges' rule (1926): at least log2(rows) + 1 of them between `low` and `high`, which differ.
 * Bins of `whole` numbers are at least 1 wide. As `numpy.histogram_bin_edges(..., 'sturges')`.
 */
export function sturgesEdges(low: number, high: number, rows: number, whole: boolean): Float64Array {
  const width = (high - low) / (Math.log2(rows) + 1)
  return equalEdges(low, high, Math.ceil((high - low) / (whole ? Math.max(1, width) : width)))
}

/** `bins + 1` edges from `low` to `high` at equal distances. */
export function equalEdges(low: number, high: number, bins: number): Float64Array {
  const range = high - low
  const step = range / bins
  // The range of very large values leaves float64 though the edges do not.
  const edge = Number.isFinite(range)
    ? (i: number) => low + i * step
    : (i: number) => low * (1 - i / bins) + high * (i / bins)
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => edge(i))
  edges[bins] = high
  return edges
}

/**
 * Counts of an ascending sample: bin i holds `edges[i] <= x < edges[i + 1]`, the last one its right edge too. Values
 * outside the edges are not counted.
 */
export function histogram(ascending: Float64Array, edges: Float64Array): Float64Array {
  const bins = edges.length - 1
  const counts = new Float64Array(bins)
  let bin = 0
  for (const value of ascending) {
    if (value < edges[0]!) continue
    while (bin < bins && value >= edges[bin + 1]!) bin++
    if (bin < bins) counts[bin]!++
    else if (value === edges[bins]) counts[bins - 1]!++
    else break
  }
  return counts
}

/** Counts as shares of their sum. */
export function shares(counts: Float64Array): Float64Array {
  const rows = total(counts)
  return counts.map((count) => count / rows)
}

/**
 * Gives empty bins a small share so that logarithms exist, by Evidently's rule: a millionth of the smallest share when
 * that is 0.0001 or less, else 0.0001. The shares are not rescaled afterwards.
 */
export function fillZeros(values: Float64Array): Float64Array {
  let smallest = Number.POSITIVE_INFINITY
  for (const value of values) if (value > 0 && value < smallest) smallest = value
  const fill = smallest <= 0.0001 ? smallest / 1_000_000 : 0.0001
  return values.map((value) => (value === 0 ? fill : value))
}
