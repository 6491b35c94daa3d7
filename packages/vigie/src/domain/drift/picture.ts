import type { FeatureColumn } from '../feature-spec.ts'
import { equalEdges, histogram, shares } from './binning.ts'
import type { ColumnPair } from './column-pair.ts'
import { quantile } from './moments.ts'

/**
 * What is needed to draw a column in both periods on one scale. Shares are of the rows that have a value: how many have
 * none stands in the summaries. Reference and current have equal length, and each adds up to 1.
 */
export type Picture =
  /** Bin i lies between `edges[i]` and `edges[i + 1]`. An open end means that its outer bin also holds all beyond. */
  | {
      readonly kind: 'histogram'
      readonly edges: readonly number[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
      readonly openLow: boolean
      readonly openHigh: boolean
    }
  /** Numbers that take few values: one bar a value. */
  | {
      readonly kind: 'values'
      readonly values: readonly number[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
    }
  /**
   * Labels, the most frequent of either side first. `more` counts and adds up those that are not listed; `added` counts,
   * among all, those that the reference does not have.
   */
  | {
      readonly kind: 'labels'
      readonly labels: readonly string[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
      readonly added: number
      readonly more: { readonly count: number; readonly reference: number; readonly current: number } | null
    }

const MOST_BARS = 16
const BINS = 24
const MOST_LABELS = 20

export function picture(column: ColumnPair, feature: Pick<FeatureColumn, 'type' | 'categories'>): Picture {
  if (column.kind === 'cat') return labelPicture(column, labelsOf(column, feature))
  if (column.counts.values.length <= MOST_BARS) {
    const { values, reference, current } = column.counts
    return { kind: 'values', values: [...values], reference: [...shares(reference)], current: [...shares(current)] }
  }
  return histogramPicture(column, feature.type === 'int')
}

function labelsOf({ counts }: ColumnPair, { type, categories }: Pick<FeatureColumn, 'type' | 'categories'>): string[] {
  if (type === 'boolean') return Array.from(counts.values, (code) => (code === 0 ? 'false' : 'true'))
  return Array.from(counts.values, (code) => categories?.[code] ?? String(code))
}

function labelPicture({ counts }: ColumnPair, labels: readonly string[]): Picture {
  const reference = shares(counts.reference)
  const current = shares(counts.current)
  const largest = (i: number) => Math.max(reference[i]!, current[i]!)
  const order = labels.map((_, i) => i).sort((a, b) => largest(b) - largest(a) || a - b)
  const listed = order.slice(0, MOST_LABELS)
  const rest = order.slice(MOST_LABELS)
  const sum = (of: Float64Array) => rest.reduce((total, i) => total + of[i]!, 0)
  return {
    kind: 'labels',
    labels: listed.map((i) => labels[i]!),
    reference: listed.map((i) => reference[i]!),
    current: listed.map((i) => current[i]!),
    added: counts.reference.filter((n) => n === 0).length,
    more: rest.length === 0 ? null : { count: rest.length, reference: sum(reference), current: sum(current) },
  }
}

/**
 * Equal bins over both periods. A tail that is longer than the middle 98 % of the values would press everything else
 * into one bin: it is cut there, and the outer bin becomes open.
 */
function histogramPicture({ reference, current, counts }: ColumnPair, whole: boolean): Picture {
  const lowest = counts.values[0]!
  const highest = counts.values.at(-1)!
  const from = Math.min(quantile(reference, 0.01), quantile(current, 0.01))
  const to = Math.max(quantile(reference, 0.99), quantile(current, 0.99))
  const reach = to > from ? to - from : highest - lowest
  const low = Math.max(lowest, from - reach)
  const high = Math.min(highest, to + reach)
  const edges = whole ? wholeEdges(Math.floor(low), Math.ceil(high)) : equalEdges(low, high, BINS)
  const sharesWithin = (values: Float64Array) =>
    shares(
      histogram(
        values.map((value) => Math.min(high, Math.max(low, value))),
        edges,
      ),
    )
  return {
    kind: 'histogram',
    edges: [...edges],
    reference: [...sharesWithin(reference)],
    current: [...sharesWithin(current)],
    openLow: low > lowest,
    openHigh: high < highest,
  }
}

/** Bins that hold equally many whole numbers each: others would show teeth that are not in the data. */
function wholeEdges(low: number, high: number): Float64Array {
  const width = Math.ceil((high - low + 1) / BINS)
  const bins = Math.ceil((high - low + 1) / width)
  return equalEdges(low, low + bins * width, bins)
}
