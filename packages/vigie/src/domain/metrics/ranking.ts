import { descendingOrder } from './order.ts'

/** Rows of two classes by descending score, laid out so that a resample is one pass through memory in order. */
export interface Ranking {
  /** Weight of the row if it is a positive, else 0; and the reverse. */
  readonly positive: Float64Array
  readonly negative: Float64Array
  /** Number of the unit that each row is drawn with. */
  readonly unit: Int32Array
  /** The thresholds: how many rows score at least as high. Rows with equal scores have one together. */
  readonly ends: Int32Array
}

/**
 * Ranks rows by score; `isPositive(row)` says which are of class 1, `units` numbers the unit of each row. At most
 * `thresholds` are kept, evenly among the rows: for a standard error from millions of rows a few thousand are enough.
 */
export function rankingOf(
  scores: Float64Array,
  isPositive: (row: number) => boolean,
  weights: Float64Array | null | undefined,
  units: Int32Array,
  thresholds: number = Number.POSITIVE_INFINITY,
): Ranking {
  const n = scores.length
  const order = descendingOrder(scores)
  const [positive, negative] = [new Float64Array(n), new Float64Array(n)]
  const unit = new Int32Array(n)
  const ends = new Int32Array(n)
  const gap = n > thresholds ? n / thresholds : 0
  let kept = 0
  for (let k = 0; k < n; k++) {
    const row = order[k]!
    const side = isPositive(row) ? positive : negative
    side[k] = weights ? weights[row]! : 1
    unit[k] = units[row]!
    const isLast = k === n - 1 || scores[order[k + 1]!] !== scores[row]
    if (isLast && (k === n - 1 || k + 1 - (ends[kept - 1] ?? 0) >= gap)) ends[kept++] = k + 1
  }
  return { positive, negative, unit, ends: ends.slice(0, kept) }
}

/** What is flagged at each threshold, from the highest score to the lowest, by weight. */
export interface Curve {
  /** Positives that score at least as high. The last is all of them. */
  readonly hits: Float64Array
  /** Negatives that score at least as high. */
  readonly alarms: Float64Array
}

/** A metric of a curve; NaN when it has no value. */
export type CurveMetric = (curve: Curve) => number

export function emptyCurve({ ends }: Ranking): Curve {
  return { hits: new Float64Array(ends.length), alarms: new Float64Array(ends.length) }
}

/** Fills the curve of the rows when each unit counts so many times. */
export function fillCurve({ positive, negative, unit, ends }: Ranking, counts: Float64Array, into: Curve): void {
  let hits = 0
  let alarms = 0
  let k = 0
  for (let t = 0; t < ends.length; t++) {
    for (const end = ends[t]!; k < end; k++) {
      const times = counts[unit[k]!]!
      hits += times * positive[k]!
      alarms += times * negative[k]!
    }
    into.hits[t] = hits
    into.alarms[t] = alarms
  }
}

/** The curve of rows that count once. */
export function curveOf(
  scores: Float64Array,
  isPositive: (row: number) => boolean,
  weights: Float64Array | null | undefined,
): Curve {
  const ranking = rankingOf(scores, isPositive, weights, new Int32Array(scores.length))
  const curve = emptyCurve(ranking)
  fillCurve(ranking, Float64Array.of(1), curve)
  return curve
}
