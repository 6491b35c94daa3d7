import type { Answers } from './answers.ts'

/**
 * A metric that is a smooth function of sums over rows: means, F1, RMSE. Its sums are taken once a group of rows, after
 * which a resample costs a few operations a group; and the delta method gives its standard error.
 */
export interface Additive {
  /** How many sums there are. */
  readonly width: number
  /** Adds the terms of one row with its weight at `sums[at]` and behind. */
  add(row: number, weight: number, sums: Float64Array, at: number): void
  /** The metric of the totals; NaN when it has no value. */
  value(totals: Float64Array): number
  /** Derivatives of the value by each total; absent where the metric is not smooth. */
  gradient?(totals: Float64Array): Float64Array
}

/** The sums of each group, group-major. `groups` numbers the group of each row from 0. */
export function groupSums(metric: Additive, answers: Answers, groups: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count * metric.width)
  const { y, weights } = answers
  for (let i = 0; i < y.length; i++) metric.add(i, weights ? weights[i]! : 1, sums, groups[i]! * metric.width)
  return sums
}

/** Totals over all groups, each taken `counts` times; once without them. */
export function totalsOf(sums: Float64Array, width: number, counts: Float64Array | null): Float64Array {
  const totals = new Float64Array(width)
  for (let at = 0, group = 0; at < sums.length; at += width, group++) {
    const times = counts === null ? 1 : counts[group]!
    if (times === 0) continue
    for (let j = 0; j < width; j++) totals[j]! += times * sums[at + j]!
  }
  return totals
}

/** The weighted mean of one value a row. */
export function meanOf(value: (row: number) => number): Additive {
  return {
    width: 2,
    add(row, weight, sums, at) {
      sums[at]! += weight
      sums[at + 1]! += weight * value(row)
    },
    value: (totals) => totals[1]! / totals[0]!,
    gradient: (totals) => Float64Array.of(-totals[1]! / totals[0]! ** 2, 1 / totals[0]!),
  }
}
