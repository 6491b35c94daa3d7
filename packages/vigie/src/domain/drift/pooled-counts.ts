/** How often each distinct value of two samples occurs in each of them. The three arrays have equal length. */
export interface PooledCounts {
  /** Distinct values of both samples together, ascending. */
  readonly values: Float64Array
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** Counts distinct values of two samples by one merge. Both must be ascending and free of NaN. */
export function pooledCounts(reference: Float64Array, current: Float64Array): PooledCounts {
  const most = reference.length + current.length
  const values = new Float64Array(most)
  const inReference = new Float64Array(most)
  const inCurrent = new Float64Array(most)
  let n = 0
  let i = 0
  let j = 0
  while (i < reference.length || j < current.length) {
    const takeReference = j >= current.length || (i < reference.length && reference[i]! <= current[j]!)
    const value = takeReference ? reference[i]! : current[j]!
    const fromReference = i
    const fromCurrent = j
    while (i < reference.length && reference[i] === value) i++
    while (j < current.length && current[j] === value) j++
    values[n] = value
    inReference[n] = i - fromReference
    inCurrent[n] = j - fromCurrent
    n++
  }
  return { values: values.slice(0, n), reference: inReference.slice(0, n), current: inCurrent.slice(0, n) }
}

/** Number of values that occur at all. */
export function distinct(counts: Float64Array): number {
  let n = 0
  for (const count of counts) if (count > 0) n++
  return n
}

/** Sum of the counts: the rows. */
export function total(counts: Float64Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}
