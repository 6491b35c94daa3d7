import type { ColumnShape } from './number-column.ts'
import { MOST_BARS, MOST_TOP } from './table-profile.ts'

/** Texts are told apart, and shown, up to here. */
export const LABEL_CHARACTERS = 200

/** The profile of a column of texts or booleans from how often each value stands in it. */
export function profileLabels(counted: ReadonlyMap<string, number>, nulls: number): ColumnShape {
  const ordered = [...counted].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const top = ordered.slice(0, MOST_TOP).map(([value, count]) => ({ value, count }))
  if (ordered.length === 0) return { nulls, distinct: 0, numbers: null, top, histogram: null }
  const listed = ordered.slice(0, MOST_BARS)
  return {
    nulls,
    distinct: ordered.length,
    numbers: null,
    top,
    histogram: {
      kind: 'labels',
      labels: listed.map(([label]) => label),
      counts: listed.map(([, count]) => count),
      others: ordered.slice(MOST_BARS).reduce((sum, [, count]) => sum + count, 0),
    },
  }
}
