import type { ColumnShape } from './number-column.ts'

/** Brings the counts of a sample up to all rows: `factor` is rows of the table by rows of the sample. */
export function scaleUp(shape: ColumnShape, factor: number): ColumnShape {
  const scaled = (count: number) => Math.round(count * factor)
  const { top, histogram } = shape
  return {
    ...shape,
    nulls: scaled(shape.nulls),
    top: top.map(({ value, count }) => ({ value, count: scaled(count) })),
    histogram: histogram && {
      ...histogram,
      counts: histogram.counts.map(scaled),
      ...(histogram.kind === 'labels' ? { others: scaled(histogram.others) } : {}),
    },
  }
}
