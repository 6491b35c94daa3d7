/**
 * Ranks from 1 to n, ascending; equal values share the mean of their ranks. O(n log n). Values are finite.
 * Ranks are multiples of 1/2, so sums of them are exact up to 2^52.
 *
 * `midranks([10, 30, 20, 30])` is `[1, 3.5, 2, 3.5]`.
 */
export function midranks(values: Float64Array): Float64Array {
  const n = values.length
  const order = new Int32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  order.sort((a, b) => values[a]! - values[b]!)

  const ranks = new Float64Array(n)
  let first = 0
  while (first < n) {
    const value = values[order[first]!]!
    let end = first + 1
    while (end < n && values[order[end]!] === value) end++
    const shared = (first + 1 + end) / 2
    for (let k = first; k < end; k++) ranks[order[k]!] = shared
    first = end
  }
  return ranks
}
