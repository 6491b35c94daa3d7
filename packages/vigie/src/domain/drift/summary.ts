import type { ColumnPair } from './column-pair.ts'
import { mean, quantile } from './moments.ts'
import { distinct } from './pooled-counts.ts'

/** One column in one period. */
export interface ColumnSummary {
  readonly rows: number
  /** Rows without a usable value. */
  readonly nulls: number
  readonly distinct: number
  /** Null for labels, which have no order. */
  readonly numbers: {
    readonly mean: number
    readonly min: number
    readonly median: number
    readonly max: number
  } | null
}

/** Describes one side of a column that has at least one value. `rows` counts those without a value too. */
export function summary(column: ColumnPair, side: 'reference' | 'current', rows: number): ColumnSummary {
  const values = column[side]
  return {
    rows,
    nulls: rows - values.length,
    distinct: distinct(column.counts[side]),
    numbers:
      column.kind === 'cat'
        ? null
        : { mean: mean(values), min: values[0]!, median: quantile(values, 0.5), max: values.at(-1)! },
  }
}
