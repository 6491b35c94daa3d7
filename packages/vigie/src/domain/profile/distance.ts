import type { ColumnProfile, Histogram } from './table-profile.ts'

/**
 * How different two columns of one type are, 0 to 1, as far as their histograms tell: for numbers the largest gap of
 * the two distribution functions (Kolmogorov-Smirnov), taken where bins begin; for texts and booleans half the sum of
 * the differences of all shares (total variation). Null where one of them has no value.
 */
export function distance(a: ColumnProfile, b: ColumnProfile): number | null {
  if (a.histogram === null || b.histogram === null) return null
  if (a.histogram.kind === 'labels' || b.histogram.kind === 'labels') return labelDistance(a.histogram, b.histogram)
  const [below, belowOther] = [shareBelow(a), shareBelow(b)]
  return Math.max(0, ...gridOf(a.histogram, b.histogram).map((x) => Math.abs(below(x) - belowOther(x))))
}

type Numbers = Exclude<Histogram, { kind: 'labels' }>

/** Inside a bin nobody knows where its rows lie: beside one with bins, single values are compared at their edges only. */
function gridOf(a: Numbers, b: Numbers): readonly number[] {
  const edges = [a, b].flatMap((histogram) => (histogram.kind === 'bins' ? histogram.edges : []))
  if (edges.length > 0) return edges
  // A value is below the next larger number, whatever that is.
  return [a, b].flatMap((histogram) => (histogram.kind === 'values' ? histogram.values : [])).map(nextUp)
}

function nextUp(x: number): number {
  return x + Math.max(Math.abs(x) * Number.EPSILON, Number.MIN_VALUE)
}

/** Share of the values that are less than x; straight lines inside bins, and from the outer edges to the extremes. */
export function shareBelow({ histogram, numbers }: ColumnProfile): (x: number) => number {
  if (histogram === null || histogram.kind === 'labels' || numbers === null) return () => Number.NaN
  const total = histogram.counts.reduce((sum, count) => sum + count, 0)
  if (histogram.kind === 'values') {
    const { values, counts } = histogram
    return (x) => values.reduce((sum, value, i) => (value < x ? sum + counts[i]! : sum), 0) / total
  }
  const edges = [...histogram.edges]
  if (histogram.openLow) edges[0] = numbers.min
  if (histogram.openHigh) edges[edges.length - 1] = numbers.max
  return (x) => {
    let below = 0
    for (const [i, count] of histogram.counts.entries()) {
      const [from, to] = [edges[i]!, edges[i + 1]!]
      if (x >= to) below += count
      else if (x > from) below += count * ((x - from) / (to - from))
    }
    return below / total
  }
}

function labelDistance(a: Histogram, b: Histogram): number | null {
  if (a.kind !== 'labels' || b.kind !== 'labels') return null
  const [shares, others] = [labelShares(a), labelShares(b)]
  const labels = new Set([...shares.keys(), ...others.keys()])
  let sum = 0
  for (const label of labels) sum += Math.abs((shares.get(label) ?? 0) - (others.get(label) ?? 0))
  return sum / 2
}

function labelShares({ labels, counts, others }: Extract<Histogram, { kind: 'labels' }>): Map<string, number> {
  const total = counts.reduce((sum, count) => sum + count, others)
  return new Map(labels.map((label, i) => [label, counts[i]! / total]))
}
