/** What a column holds: `text` are keys, categories and columns that are kept as they came. */
export type ProfileType = 'int' | 'float' | 'boolean' | 'date' | 'timestamp' | 'text'

/** Shares at which the quantiles of a profile stand. */
export const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const

/** Most values that a profile names, and most bars of its histogram. */
export const MOST_TOP = 10
export const MOST_BARS = 20

export interface ValueCount {
  /** As people write it: `-1`, `true`, `9999-12-31`, `2024-01-31T12:00:00.000000Z`. Texts end after 200 characters. */
  readonly value: string
  readonly count: number
}

/**
 * Numbers as they are; dates as days and instants as microseconds since 1970. Mean and standard deviation (divisor n)
 * are null when they leave float64.
 */
export interface NumberProfile {
  readonly min: number
  readonly max: number
  readonly mean: number | null
  readonly sd: number | null
  /** At `QUANTILES`, by linear interpolation. */
  readonly quantiles: readonly number[]
}

/** Counts of rows that have a value. */
export type Histogram =
  /** Numbers that take at most 20 values, ascending. */
  | { readonly kind: 'values'; readonly values: readonly number[]; readonly counts: readonly number[] }
  /**
   * Bin i lies from `edges[i]` up to and without `edges[i + 1]`. An open end means that the outer bin also holds all
   * beyond.
   */
  | {
      readonly kind: 'bins'
      readonly edges: readonly number[]
      readonly counts: readonly number[]
      readonly openLow: boolean
      readonly openHigh: boolean
    }
  /** Texts and booleans, the most frequent first. `others` are the rows of those that are not listed. */
  | {
      readonly kind: 'labels'
      readonly labels: readonly string[]
      readonly counts: readonly number[]
      readonly others: number
    }

export interface ColumnProfile {
  readonly name: string
  readonly type: ProfileType
  /** Rows without a value. */
  readonly nulls: number
  /** How many different values there are. */
  readonly distinct: number
  /** Null for texts and booleans, and for a column without any value. */
  readonly numbers: NumberProfile | null
  /**
   * At most 10, the most frequent first; of equally frequent ones the smaller. None of a long column in which more than
   * half of the rows have a text of their own.
   */
  readonly top: readonly ValueCount[]
  /** Null for a column without any value. */
  readonly histogram: Histogram | null
}

/**
 * What a table holds, column by column. Rows, nulls, minimum, maximum, mean and deviation are of all rows. The rest is
 * as well when `sampled` equals `rows`; otherwise it is of every n-th row, with counts brought up to all of them, and
 * `distinct` is an estimate.
 */
export interface TableProfile {
  readonly rows: number
  /** Rows that were looked at for quantiles, most frequent values, distinct values and histograms. */
  readonly sampled: number
  /** In the order of the table. */
  readonly columns: readonly ColumnProfile[]
}
