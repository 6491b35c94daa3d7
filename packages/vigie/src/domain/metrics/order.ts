const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS
/** Below so many values the comparing sort is as fast. */
const SMALL = 2048

/**
 * Row numbers by value, highest first; rows with equal values stay in their order. Values are finite. A radix sort of the
 * floats' bits, O(n): a million rows take a tenth of the time of a comparing sort.
 */
export function descendingOrder(values: Float64Array): Int32Array {
  const n = values.length
  let order = Int32Array.from({ length: n }, (_, i) => i)
  if (n < SMALL) return order.sort((a, b) => values[b]! - values[a]! || a - b)

  let [low, high] = descendingKeys(values)
  let [nextOrder, nextLow, nextHigh] = [new Int32Array(n), new Uint32Array(n), new Uint32Array(n)]
  for (let shift = 0; shift < 64; shift += DIGIT_BITS) {
    const starts = new Int32Array(BUCKETS)
    for (let i = 0; i < n; i++) starts[digit(low[i]!, high[i]!, shift)]!++
    if (starts.includes(n)) continue // all rows have this digit
    let start = 0
    for (let d = 0; d < BUCKETS; d++) {
      const size = starts[d]!
      starts[d] = start
      start += size
    }
    for (let i = 0; i < n; i++) {
      const to = starts[digit(low[i]!, high[i]!, shift)]!++
      nextOrder[to] = order[i]!
      nextLow[to] = low[i]!
      nextHigh[to] = high[i]!
    }
    ;[order, nextOrder] = [nextOrder, order]
    ;[low, nextLow] = [nextLow, low]
    ;[high, nextHigh] = [nextHigh, high]
  }
  return order
}

/** The bits of each float as an unsigned number that rises as the float falls. */
function descendingKeys(values: Float64Array): [low: Uint32Array<ArrayBuffer>, high: Uint32Array<ArrayBuffer>] {
  const bits = new Uint32Array(Float64Array.from(values, (value) => value + 0).buffer) // -0 and 0 are equal
  const low = new Uint32Array(values.length)
  const high = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const negative = bits[2 * i + 1]! >>> 31 === 1
    low[i] = negative ? bits[2 * i]! : ~bits[2 * i]!
    high[i] = negative ? bits[2 * i + 1]! : ~bits[2 * i + 1]! ^ 0x80000000
  }
  return [low, high]
}

function digit(low: number, high: number, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & (BUCKETS - 1)
  const above = 32 - shift
  return above >= DIGIT_BITS ? (low >>> shift) & (BUCKETS - 1) : ((low >>> shift) | (high << above)) & (BUCKETS - 1)
}
