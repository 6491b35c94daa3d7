import { type PooledCounts, pooledCounts } from './pooled-counts.ts'

/** How a test reads a column: as numbers with order and distance, or as labels without. */
export type ColumnKind = 'num' | 'cat'

/** One column of both periods, cleaned: what every drift test reads. */
export interface ColumnPair {
  readonly kind: ColumnKind
  /** Finite values, ascending. Categories as codes, booleans as 0 and 1. */
  readonly reference: Float64Array
  readonly current: Float64Array
  readonly counts: PooledCounts
  /** Numbers of a column of integers without a null, which numpy bins otherwise than the same numbers as floats. */
  readonly whole: boolean
}

/**
 * Cleans both sides as Evidently does before any test: nulls (NaN) and infinities are dropped, so a change in how much
 * is missing is not drift of the values. Either side can come out empty. Copies; the input stays as it is.
 */
export function columnPair(
  kind: ColumnKind,
  reference: Float64Array,
  current: Float64Array,
  integers = false,
): ColumnPair {
  const cleanReference = finiteAscending(reference)
  const cleanCurrent = finiteAscending(current)
  return {
    kind,
    reference: cleanReference,
    current: cleanCurrent,
    counts: pooledCounts(cleanReference, cleanCurrent),
    whole: integers && cleanReference.length + cleanCurrent.length === reference.length + current.length,
  }
}

function finiteAscending(column: Float64Array): Float64Array {
  const kept = new Float64Array(column.length)
  let n = 0
  // Adding 0 turns -0 into 0: they are one value, and JSON knows only one.
  for (const value of column) if (Number.isFinite(value)) kept[n++] = value + 0
  return kept.slice(0, n).sort()
}
