import type { Picture } from '../domain/drift/picture.ts'
import type { ColumnDrift } from '../domain/drift/report.ts'
import { type Html, html } from './html.ts'
import { round } from './marks.ts'
import { count, percent, quantity, ticks } from './numbers.ts'

/** How much room a picture has. It fills the width of its container; text keeps its size. */
export type Room = 'wide' | 'small'

const MOST_AXIS_LABELS: Readonly<Record<Room, number>> = { wide: 16, small: 5 }
const MOST_LABEL_ROWS = 6

/** The column in both periods on one scale: the reference filled, the current one as a line. */
export function distribution(column: ColumnDrift, room: Room): Html {
  const { picture } = column
  if (picture.kind === 'labels') return labelBars(column, picture)
  const axis = picture.kind === 'values' ? valueAxis(picture.values, room) : rangeAxis(picture, column.type === 'int')
  return html`<div class="dist ${room}">${bars(picture, finding(column))}${axis}</div>`
}

/** Shares over the same bars: the reference filled, the current one as a line. */
export function bars(
  { reference, current }: { readonly reference: readonly number[]; readonly current: readonly number[] },
  label: string,
): Html {
  const width = 10
  const height = 100
  const top = Math.max(...reference, ...current)
  const y = (share: number) => round(height - (share / top) * (height - 3))
  const filled = reference.map((share, i) =>
    share === 0
      ? null
      : html`<rect class="r" x="${i * width}" y="${y(share)}" width="${width}" height="${round(height - y(share))}"/>`,
  )
  const line = current.map((share, i) => `V${y(share)}H${(i + 1) * width}`).join('')
  const end = reference.length * width
  return html`<svg viewBox="0 0 ${end} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${filled}<path class="c" d="M0 ${height}${line}V${height}"/><path class="ax" d="M0 ${height}H${end}"/></svg>`
}

export function valueAxis(values: readonly number[], room: Room): Html {
  const quarters = values.slice(1).map((value, i) => value / 4 - values[i]! / 4)
  const labels = ticks(values, quarters.length === 0 ? Math.abs(values[0]!) / 1000 : Math.min(...quarters))
  const every = Math.ceil(values.length / MOST_AXIS_LABELS[room])
  const spans = labels.map((label, i) => html`<span>${i % every === 0 ? label : ''}</span>`)
  return html`<div class="each" aria-hidden="true">${spans}</div>`
}

export function rangeAxis(
  { edges, openLow, openHigh }: Pick<Extract<Picture, { kind: 'histogram' }>, 'edges' | 'openLow' | 'openHigh'>,
  whole: boolean,
): Html {
  const low = edges[0]!
  const high = edges.at(-1)!
  // A bin of whole numbers ends before its right edge.
  const labels = ticks([low, low / 2 + high / 2, whole ? high - 1 : high], high / 100 - low / 100)
  const first = openLow ? `\u2190 ${labels[0]}` : labels[0]!
  const last = openHigh ? `${labels[2]} \u2192` : labels[2]!
  return html`<div class="ends" aria-hidden="true"><span>${first}</span><span>${labels[1]!}</span><span>${last}</span></div>`
}

export interface LabelRow {
  readonly label: string
  readonly kind: 'label' | 'null' | 'more'
  readonly reference: number
  readonly current: number
}

function labelBars(column: ColumnDrift, picture: Extract<Picture, { kind: 'labels' }>): Html {
  const rows = rowsOf(column, picture)
  const spoken = rows.map(({ label, reference, current }) => `${label} ${percent(reference)} to ${percent(current)}`)
  return labelRows(rows, `${column.name}: ${spoken.join(', ')}`, true)
}

/** One bar a label, `both`: with what it was before. */
export function labelRows(rows: readonly LabelRow[], spoken: string, both: boolean): Html {
  // The sum of many labels has no bar: it would dwarf the bars of single ones.
  const drawn = rows.filter(({ kind }) => kind !== 'more')
  const top = Math.max(...drawn.flatMap(({ reference, current }) => [reference, current]))
  const lines = rows.map((row) => {
    const text = row.kind === 'label' ? html`<bdi>${row.label}</bdi>` : html`${row.label}`
    const bar = row.kind === 'more' ? html`<span></span>` : labelBar(row, top)
    return html`<span class="k ${row.kind}" title="${row.label}">${text}</span>${bar}<span class="num">${both ? html`${percent(row.reference)} <span class="dim">to</span> ` : null}${percent(row.current)}</span>`
  })
  return html`<div class="cats" role="img" aria-label="${spoken}">${lines}</div>`
}

function labelBar({ kind, reference, current }: LabelRow, top: number): Html {
  const width = (share: number) => round((share / top) * 99)
  return html`<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind === 'null' ? 'nul' : 'r'}" x="0" y="1" width="${width(reference)}" height="12"/><rect class="cb" x="0" y="5.5" width="${width(current)}" height="3"/></svg>`
}

/** The largest labels, the rest in one row, and null as a row of its own. Shares of all rows. */
function rowsOf({ reference, current }: ColumnDrift, picture: Extract<Picture, { kind: 'labels' }>): LabelRow[] {
  const given = { reference: 1 - reference.nulls / reference.rows, current: 1 - current.nulls / current.rows }
  const all = picture.labels.map(
    (label, i): LabelRow => ({
      label,
      kind: 'label',
      reference: picture.reference[i]! * given.reference,
      current: picture.current[i]! * given.current,
    }),
  )
  const rows = all.slice(0, MOST_LABEL_ROWS)
  const hidden = all.slice(MOST_LABEL_ROWS)
  const sum = (side: 'reference' | 'current') =>
    hidden.reduce((total, row) => total + row[side], (picture.more?.[side] ?? 0) * given[side])
  const more = hidden.length + (picture.more?.count ?? 0)
  if (more > 0)
    rows.push({ label: `and ${count(more)} more`, kind: 'more', reference: sum('reference'), current: sum('current') })
  if (reference.nulls + current.nulls > 0) {
    rows.push({ label: 'null', kind: 'null', reference: 1 - given.reference, current: 1 - given.current })
  }
  return rows
}

/** What a reader of the picture would say. */
function finding({ name, reference, current }: ColumnDrift): string {
  const before = reference.numbers!
  const now = current.numbers!
  return `${name}: mean ${quantity(before.mean)} in the reference, ${quantity(now.mean)} now; median ${quantity(before.median)} to ${quantity(now.median)}`
}
