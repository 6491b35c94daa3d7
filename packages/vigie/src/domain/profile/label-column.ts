import type { ColumnShape } from './number-column.ts'
import { MOST_BARS, MOST_TOP } from './table-profile.ts'

/** Texts are told apart, and shown, up to here. */
export const LABEL_CHARACTERS = 200

/** The profile of a column of texts or booleans from how often each value stands in it. */
export function profileLabels(counted: ReadonlyMap<string, number>, nulls: number): ColumnShape {
  const listed = mostFrequent(counted)
  const top = listed.slice(0, MOST_TOP).map(([value, count]) => ({ value, count }))
  if (listed.length === 0) return { nulls, distinct: 0, numbers: null, top, histogram: null }
  let others = 0
  for (const count of counted.values()) others += count
  for (const [, count] of listed) others -= count
  return {
    nulls,
    distinct: counted.size,
    numbers: null,
    top,
    histogram: {
      kind: 'labels',
      labels: listed.map(([label]) => label),
      counts: listed.map(([, count]) => count),
      others,
    },
  }
}

/** Of a column in which nearly each row has a text of its own, none is named. */
export function profileFreeTexts(given: number, distinct: number, nulls: number): ColumnShape {
  return {
    nulls,
    distinct,
    numbers: null,
    top: [],
    histogram: { kind: 'labels', labels: [], counts: [], others: given },
  }
}

/** In one pass: a column may have many thousand texts, of which a few are named. */
function mostFrequent(counted: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  const most: (readonly [string, number])[] = []
  for (const entry of counted) {
    const [text, count] = entry
    const last = most[MOST_BARS - 1]
    if (last && (count < last[1] || (count === last[1] && text > last[0]))) continue
    const at = most.findIndex(([other, n]) => n < count || (n === count && other > text))
    most.splice(at < 0 ? most.length : at, 0, entry)
    if (most.length > MOST_BARS) most.pop()
  }
  return most
}
