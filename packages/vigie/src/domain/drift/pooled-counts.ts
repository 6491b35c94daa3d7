/** How often each distinct value of two samples occurs in each of them. The three arrays have equal length. */
export interface PooledCounts {
  /** Distinct values of both samples together, ascending. */
  readonly values: Float64Array
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** Counts distinct values of two samples by one merge. Both must be ascending and free of NaN. */
export function pooledCounts(reference: Float64Array, current: Float64Array): PooledCounts {
  const values: number[] = []
  const inReference: number[] = []
  const inCurrent: number[] = []
  let i = 0
  let j = 0
  while (i < reference.length || j < current.length) {
    const value = Math.min(reference[i] ?? Number.POSITIVE_INFINITY, current[j] ?? Number.POSITIVE_INFINITY)
    const fromReference = i
    const fromCurrent = j
    while (reference[i] === value) i++
    while (current[j] === value) j++
    values.push(value)
    inReference.push(i - fromReference)
    inCurrent.push(j - fromCurrent)
  }
  return {
    values: Float64Array.from(values),
    reference: Float64Array.from(inReference),
    current: Float64Array.from(inCurrent),
  }
}

/** Number of values that occur at all. */
export function distinct(counts: Float64Array): number {
  let n = 0
  for (const count of counts) if (count > 0) n++
  return n
}
