import { shareBelow } from '../../domain/profile/distance.ts'
import type { ColumnProfile, Histogram } from '../../domain/profile/table-profile.ts'
import { valueText } from '../../domain/profile/value-text.ts'
import { bars, labelRows, rangeAxis, valueAxis } from '../distribution.ts'
import { type Html, html } from '../html.ts'
import { quantity } from '../numbers.ts'

/** A column of this delivery as a line, over the same column of the file before where there is one. */
export function columnPicture(now: ColumnProfile, before: ColumnProfile | undefined): Html {
  const label = `${now.name}: ${spoken(now)}${before ? `; before: ${spoken(before)}` : ''}`
  if (now.histogram === null) return html`<p class="dim say">no value</p>`
  if (now.histogram.kind === 'labels' && now.histogram.labels.length === 0)
    return html`<p class="dim say">hardly any two rows have the same text</p>`
  if (now.histogram.kind === 'labels') return labels(now, before, label)
  const grid = gridOf(now.histogram, before?.histogram ?? null)
  const current = sharesOn(now, grid)
  const reference = before ? sharesOn(before, grid) : current.map(() => 0)
  return html`<div class="dist wide">${bars({ reference, current }, label)}${axis(now, grid)}</div>`
}

/** Numbers with few values on both sides have a bar each; everything else equal bins over both. */
type Grid =
  | { readonly kind: 'values'; readonly values: readonly number[] }
  | { readonly kind: 'bins'; readonly edges: readonly number[] }

const MOST_BARS = 24

function gridOf(now: Histogram, before: Histogram | null): Grid {
  const sides = [now, before].flatMap((side) => (side && side.kind !== 'labels' ? [side] : []))
  if (sides.every((side) => side.kind === 'values')) {
    const values = [...new Set(sides.flatMap((side) => (side.kind === 'values' ? side.values : [])))]
    if (values.length <= MOST_BARS) return { kind: 'values', values: values.sort((a, b) => a - b) }
  }
  const marks = sides.flatMap((side) => (side.kind === 'values' ? side.values : side.edges))
  const [low, high] = [Math.min(...marks), Math.max(...marks)]
  const step = (high - low || 1) / MOST_BARS
  return { kind: 'bins', edges: Array.from({ length: MOST_BARS + 1 }, (_, i) => low + i * step) }
}

function sharesOn(column: ColumnProfile, grid: Grid): readonly number[] {
  const { histogram } = column
  if (grid.kind === 'values') {
    if (histogram?.kind !== 'values') return grid.values.map(() => 0)
    const total = histogram.counts.reduce((sum, count) => sum + count, 0)
    return grid.values.map((value) => (histogram.counts[histogram.values.indexOf(value)] ?? 0) / total)
  }
  const below = shareBelow(column)
  const last = grid.edges.length - 2
  return grid.edges.slice(0, -1).map((from, i) => {
    const upTo = i === last ? 1 : below(grid.edges[i + 1]!)
    return Math.max(0, upTo - (i === 0 ? 0 : below(from)))
  })
}

function axis({ type }: ColumnProfile, grid: Grid): Html {
  if (type === 'date' || type === 'timestamp') {
    const marks = grid.kind === 'values' ? grid.values : grid.edges
    const ends = [marks[0]!, marks.at(-1)!].map((value) => valueText(type, Math.round(value)).slice(0, 10))
    return html`<div class="ends" aria-hidden="true"><span>${ends[0]!}</span><span>${ends[1]!}</span></div>`
  }
  if (grid.kind === 'values') return valueAxis(grid.values, 'wide')
  return rangeAxis({ edges: grid.edges, openLow: false, openHigh: false }, false)
}

function labels(now: ColumnProfile, before: ColumnProfile | undefined, spokenLabel: string): Html {
  const [shares, earlier] = [labelShares(now), before ? labelShares(before) : new Map<string, number>()]
  const listed = [...new Set([...shares.keys(), ...earlier.keys()])].slice(0, 6)
  const rows = listed.map((label) => ({
    label,
    kind: 'label' as const,
    reference: before ? (earlier.get(label) ?? 0) : 0,
    current: shares.get(label) ?? 0,
  }))
  return labelRows(rows, spokenLabel, before !== undefined)
}

/** Of all rows that have a value. */
function labelShares({ histogram }: ColumnProfile): Map<string, number> {
  if (histogram?.kind !== 'labels') return new Map()
  const total = histogram.counts.reduce((sum, count) => sum + count, histogram.others)
  return new Map(histogram.labels.map((label, i) => [label, histogram.counts[i]! / total]))
}

function spoken({ type, numbers, top }: ColumnProfile): string {
  if (numbers === null) return top[0] ? `mostly ${top[0].value}` : 'no value'
  const median = numbers.quantiles[4]!
  return `median ${type === 'int' || type === 'float' ? quantity(median) : valueText(type, Math.round(median))}`
}
