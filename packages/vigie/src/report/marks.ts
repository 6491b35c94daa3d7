import { type Html, html, raw } from './html.ts'
import { ticks } from './numbers.ts'

/** The sign of the house: a graduated arc over a point that is watched. */
export const logo: Html = raw(
  '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6"><path d="M3 6.500 12 21 21 6.500"/><path d="M3 6.500a17 17 0 0 1 18 0" stroke-dasharray="2.600 1.900"/><circle cx="12" cy="21" r="1.700" fill="currentColor" stroke="none"/></svg>',
)

/** What the two marks of a distribution mean. */
export function legend(reference: string, current: string): Html {
  return html`<p class="legend"><span><svg viewBox="0 0 20 12" aria-hidden="true"><rect class="r" x="1" y="2" width="18" height="9"/></svg>Reference, ${reference}</span><span><svg viewBox="0 0 20 12" aria-hidden="true"><path class="c" d="M1 9h6V3h6v6h6"/></svg>Current, ${current}</span></p>`
}

/** A score against its limit on a graduated rule from 0 to 2.5 times the limit. Decoration: the numbers stand beside it. */
export function gauge(score: number, limit: number, over: boolean): Html {
  const width = 180
  const end = limit * 2.5
  const x = (value: number) => round((Math.min(value, end) / end) * width)
  const graduation = Array.from(
    { length: 11 },
    (_, i) => `M${round((i * width) / 10)} 14v${i % 2 === 0 ? -5 : -3}`,
  ).join('')
  const beyond = score > end ? html`<path class="mk" d="M${width + 9} 5l4 4-4 4" fill="none"/>` : null
  return html`<svg class="gauge" viewBox="-6 0 ${width + 22} 20" width="${width + 22}" height="20" aria-hidden="true"><path class="ax" d="M0 14H${width}${graduation}" fill="none"/><path class="mk" d="M${x(limit)} 5V19"/><path d="M${x(score)} 13l-5-9h10Z" class="${over ? 'cb' : 'pf'}"/>${beyond}</svg>`
}

/** A scale that intervals share. `chance` is dotted. */
export interface Scale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  readonly chance: number | null
}

const SCALE_WIDTH = 220

/** A value on a shared scale: with its interval a disc (new), without one a square (known before). */
export function interval(
  value: number,
  range: { readonly low: number; readonly high: number } | null,
  scale: Scale,
): Html {
  const x = (at: number) => onScale(at, scale)
  const chance = scale.chance === null ? null : html`<path class="mkd" d="M${x(scale.chance)} 0V18"/>`
  const marks = range
    ? html`<path class="c" d="M${x(range.low)} 9H${x(range.high)}M${x(range.low)} 6v6M${x(range.high)} 6v6"/><circle class="cb" cx="${x(value)}" cy="9" r="4"/>`
    : html`<rect class="pf" x="${x(value) - 3.5}" y="5.5" width="7" height="7"/>`
  return html`<svg viewBox="-12 0 ${SCALE_WIDTH + 24} 18" width="${SCALE_WIDTH + 24}" height="18" aria-hidden="true">${chance}${marks}</svg>`
}

/** The numbers of a shared scale. */
export function scaleTicks(scale: Scale): Html {
  const labels = ticks(scale.ticks, (scale.high - scale.low) / 100)
  const drawn = scale.ticks.map((at, i) => {
    const x = onScale(at, scale)
    return html`<text class="tx3" x="${x}" y="10" text-anchor="middle">${labels[i]!}</text><path class="ax" d="M${x} 13v3"/>`
  })
  return html`<svg viewBox="-12 0 ${SCALE_WIDTH + 24} 16" width="${SCALE_WIDTH + 24}" height="16" aria-hidden="true">${drawn}</svg>`
}

function onScale(at: number, { low, high }: Scale): number {
  return round(Math.max(0, Math.min(SCALE_WIDTH, ((at - low) / (high - low)) * SCALE_WIDTH)))
}

/** One decimal is a tenth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}
