import { equalEdges, histogram, shares, sturgesEdges } from './binning.ts'
import type { ColumnPair } from './column-pair.ts'
import { total } from './pooled-counts.ts'

/**
 * Hellinger distance, 0 to 1: `sqrt(1 - sum sqrt(r c))` over the shares of categories, and over the densities of
 * numbers in bins by Sturges' rule for the number of DISTINCT values of both sides, which is how Evidently bins here.
 */
export function hellinger({ kind, reference, current, counts, whole }: ColumnPair): number {
  if (kind === 'cat') return fromOverlap(overlap(shares(counts.reference), shares(counts.current), 1))
  const edges = distinctEdges(counts.values, whole)
  const bins = edges.length - 1
  const width = (edges[bins]! - edges[0]!) / bins
  return fromOverlap(overlap(density(reference, edges), density(current, edges), width))
}

function distinctEdges(values: Float64Array, whole: boolean): Float64Array {
  const low = values[0]!
  const high = values.at(-1)!
  // numpy gives a single value a bin of width 1 around it.
  if (low === high) return equalEdges(low - 0.5, high + 0.5, 1)
  return sturgesEdges(low, high, values.length, whole)
}

/** In the order of numpy's operations: next to 1, the last bit of the overlap is the eighth digit of the distance. */
function density(ascending: Float64Array, edges: Float64Array): Float64Array {
  const counts = histogram(ascending, edges)
  const rows = total(counts)
  return counts.map((count, i) => count / (edges[i + 1]! - edges[i]!) / rows)
}

function overlap(r: Float64Array, c: Float64Array, width: number): number {
  let sum = 0
  for (let i = 0; i < r.length; i++) sum += Math.sqrt(r[i]! * c[i]!) * width
  return sum
}

function fromOverlap(overlap: number): number {
  return Math.sqrt(1 - Math.min(Math.max(overlap, 0), 1))
}
