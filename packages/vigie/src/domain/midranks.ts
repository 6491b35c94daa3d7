import { descendingOrder } from './metrics/order.ts'

/**
 * Ranks from 1 to n, ascending; equal values share the mean of their ranks. O(n). Values are finite.
 * Ranks are multiples of 1/2, so sums of them are exact up to 2^52.
 *
 * `midranks([10, 30, 20, 30])` is `[1, 3.5, 2, 3.5]`.
 */
export function midranks(values: Float64Array): Float64Array {
  const n = values.length
  const order = descendingOrder(values)
  const ranks = new Float64Array(n)
  let first = 0
  while (first < n) {
    const value = values[order[first]!]!
    let end = first + 1
    while (end < n && values[order[end]!] === value) end++
    const shared = n - (first + end - 1) / 2
    for (let k = first; k < end; k++) ranks[order[k]!] = shared
    first = end
  }
  return ranks
}
