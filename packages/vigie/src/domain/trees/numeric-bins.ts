/** Bins a feature may have beside bin 0, so that a bin fits one byte. */
export const MAX_BINS = 254
/** Rows of which the bins of many distinct values are found. More move their edges by less than a tenth of a bin. */
const SAMPLED_ROWS = 200_000
/** Buckets of equal width, most of which lie in one bin. */
const BUCKETS = 4096

/**
 * Bins a column of numbers (NaN is null, and in bin 0): fills `codes` with the bin of each row, and the least and
 * greatest value of bins 1, 2, ... of which it returns how many there are. At most 254 distinct values get a bin each.
 * With more, each bin holds about as many rows, and equal values are never parted.
 */
export function binNumbers(
  column: Float64Array,
  codes: Uint8Array,
  least: Float64Array,
  greatest: Float64Array,
): number {
  const few = fewDistinct(column)
  const edges = few ?? quantiles(column)
  const bins = edges.length
  least.set(edges, 1)
  if (few !== null) greatest.set(few, 1)
  assign(column, codes, least, bins)
  if (few !== null || bins === 0) return bins
  // The edges come from some of the rows.
  greatest.fill(Number.NEGATIVE_INFINITY, 1, bins + 1)
  for (let i = 0; i < column.length; i++) {
    const bin = codes[i]!
    if (bin === 0) continue
    const value = column[i]!
    if (value < least[bin]!) least[bin] = value
    if (value > greatest[bin]!) greatest[bin] = value
  }
  return bins
}

/** The distinct values in order; null when they are more than bins. */
function fewDistinct(column: Float64Array): Float64Array | null {
  const distinct = new Set<number>()
  let last = Number.NaN
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!
    // Equal neighbours are not looked up, nor is NaN.
    if (value === last || Number.isNaN(value)) continue
    last = value
    distinct.add(value)
    if (distinct.size > MAX_BINS) return null
  }
  return Float64Array.from(distinct).sort()
}

/** The least value of each bin. */
function quantiles(column: Float64Array): Float64Array {
  const sorted = sample(column).sort()
  // Typed arrays sort NaN to the end.
  let n = sorted.length
  while (n > 0 && Number.isNaN(sorted[n - 1]!)) n--

  const edges: number[] = []
  let quantile = -1
  for (let i = 0; i < n; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue
    const q = Math.floor((i * MAX_BINS) / n)
    if (q === quantile) continue
    quantile = q
    edges.push(sorted[i]!)
  }
  return Float64Array.from(edges)
}

/** The column, or rows of it that are as far apart from each other as they can be. */
function sample(column: Float64Array): Float64Array {
  if (column.length <= SAMPLED_ROWS) return column.slice()
  const step = column.length / SAMPLED_ROWS
  return Float64Array.from({ length: SAMPLED_ROWS }, (_, i) => column[Math.floor(i * step)]!)
}

/** The bin of each row: the last whose least value is not above it, or the first. */
function assign(column: Float64Array, codes: Uint8Array, least: Float64Array, bins: number): void {
  const first = least[1]!
  const perBucket = bins < 2 ? 0 : (BUCKETS - 1) / (least[bins]! - first)
  // A range that is too wide or too narrow for a float64 has one bucket.
  const scale = Number.isFinite(perBucket) ? perBucket : 0
  // Larger values are never in a lower bucket, so a value's bin is the last of the buckets before or one of its own.
  const lastOf = new Uint8Array(BUCKETS)
  for (let bin = 1; bin <= bins; bin++) lastOf[bucketOf(least[bin]!, first, scale)] = bin
  for (let bucket = 1; bucket < BUCKETS; bucket++) lastOf[bucket] ||= lastOf[bucket - 1]!

  for (let i = 0; i < column.length; i++) {
    const value = column[i]!
    if (Number.isNaN(value)) {
      codes[i] = 0
      continue
    }
    const bucket = bucketOf(value, first, scale)
    let low = bucket === 0 ? 1 : lastOf[bucket - 1]!
    let high = lastOf[bucket]!
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (least[middle]! <= value) low = middle
      else high = middle - 1
    }
    codes[i] = low
  }
}

function bucketOf(value: number, first: number, scale: number): number {
  const bucket = (value - first) * scale
  // An infinite distance times 0 is NaN, and belongs to the one bucket.
  return bucket > 0 ? Math.min(bucket, BUCKETS - 1) | 0 : 0
}
