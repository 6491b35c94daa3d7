import { type Html, html } from './html.ts'
import { round } from './marks.ts'
import { ticks } from './numbers.ts'

/** One side of a chart. */
export interface Axis {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  readonly name: string
}

/** A line of points, from left to right. */
export interface Line {
  /** `reference`: steel and dashed, with squares. `current`: magenta, with discs. */
  readonly mark: 'reference' | 'current'
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Interval of each point's y. With it points are marked, without it the line alone is drawn. */
  readonly ranges?: readonly { readonly low: number; readonly high: number }[]
}

const WIDTH = 288
const HEIGHT = 250
const LEFT = 46
const BOTTOM = 34
const TOP = 8
const RIGHT = 8

export interface ChartFrame {
  readonly x: Axis
  readonly y: Axis
  readonly finding: string
  /** False where equal numbers on both axes mean nothing. */
  readonly diagonal?: boolean
}

/**
 * Lines over two axes, small enough for a phone, with the diagonal dotted where both axes mean the same. `finding` is what
 * a reader of the picture would say: the numbers stand in the table beside it.
 */
export function lineChart(lines: readonly Line[], { x, y, finding, diagonal: asked = true }: ChartFrame): Html {
  const atX = (value: number) => round(LEFT + place(value, x) * (WIDTH - LEFT - RIGHT))
  const atY = (value: number) => round(HEIGHT - BOTTOM - place(value, y) * (HEIGHT - TOP - BOTTOM))
  const [left, right, bottom, top] = [atX(x.low), atX(x.high), atY(y.low), atY(y.high)]
  const from = Math.max(x.low, y.low)
  const to = Math.min(x.high, y.high)
  const diagonal =
    asked && to > from
      ? html`<path class="mkd" d="M${atX(from)} ${atY(from)}L${atX(to)} ${atY(to)}" fill="none"/>`
      : null
  return html`<svg class="xy" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${finding}">
${labels(y, (label, value) => html`<path class="grid" d="M${left} ${atY(value)}H${right}"/><text class="tx3" x="${left - 5}" y="${atY(value) + 4}" text-anchor="end">${label}</text>`)}
${labels(x, (label, value) => html`<path class="ax" d="M${atX(value)} ${bottom}v4"/><text class="tx3" x="${atX(value)}" y="${bottom + 15}" text-anchor="middle">${label}</text>`)}
<path class="ax" d="M${left} ${top}V${bottom}H${right}" fill="none"/>${diagonal}
<text class="tx3" x="${(left + right) / 2}" y="${HEIGHT - 3}" text-anchor="middle">${x.name}</text><text class="tx3" transform="rotate(-90)" x="${-(top + bottom) / 2}" y="9" text-anchor="middle">${y.name}</text>
${lines.map((line) => drawn(line, atX, atY))}</svg>`
}

/** Steel is what was there, magenta is what is new. */
export function lineLegend(lines: readonly Pick<Line, 'mark' | 'label'>[]): Html {
  return html`<p class="legend">${lines.map(
    ({ mark, label }) =>
      html`<span><svg viewBox="0 0 20 12" aria-hidden="true"><path class="${mark === 'current' ? 'c' : 'rl'}" d="M0 6H20"/></svg>${label}</span>`,
  )}</p>`
}

function drawn({ mark, points, ranges }: Line, atX: (x: number) => number, atY: (y: number) => number): Html {
  const path = points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${atX(px)} ${atY(py)}`).join('')
  const line = html`<path class="${mark === 'current' ? 'c' : 'rl'}" d="${path}"/>`
  if (!ranges) return line
  const whiskers = points.map(([px], i) => `M${atX(px)} ${atY(ranges[i]!.low)}V${atY(ranges[i]!.high)}`).join('')
  const dots = points.map(([px, py]) =>
    mark === 'current'
      ? html`<circle class="cb" cx="${atX(px)}" cy="${atY(py)}" r="3"/>`
      : html`<rect class="rb" x="${round(atX(px) - 2.5)}" y="${round(atY(py) - 2.5)}" width="5" height="5"/>`,
  )
  return html`<path class="${mark === 'current' ? 'cw' : 'rw'}" d="${whiskers}"/>${line}${dots}`
}

function labels(axis: Axis, draw: (label: string, value: number) => Html): readonly Html[] {
  const texts = ticks(axis.ticks, (axis.high - axis.low) / 100)
  return axis.ticks.map((value, i) => draw(texts[i]!, value))
}

/** What lies beyond an axis is drawn at its end. */
function place(value: number, { low, high }: Axis): number {
  return Math.max(0, Math.min(1, (value - low) / (high - low)))
}

/** From 0 to 1 in quarters. */
export function shareAxis(name: string): Axis {
  return { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1], name }
}

/** An axis with round ticks that holds all values. */
export function axisOver(values: readonly number[], name: string): Axis {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const span = high > low ? high - low : Math.abs(high) || 1
  const rough = span / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((of) => of * power).find((candidate) => candidate >= rough)!
  const first = Math.floor(low / step)
  const last = Math.max(first + 1, Math.ceil(high / step))
  return {
    low: first * step,
    high: last * step,
    ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step),
    name,
  }
}
