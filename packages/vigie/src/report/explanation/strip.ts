import type { FeatureContributions } from '../../domain/explain/size-of-contributions.ts'
import { type Html, html } from '../html.ts'
import { round } from '../marks.ts'

const WIDTH = 180

/**
 * Contributions of some rows on one line, 0 in the middle: a stroke above it for a value in the upper half of its feature,
 * one below for the lower half, a short one across it for null and for what has no order. Place and mark tell them apart,
 * colour only repeats it.
 */
export function contributionStrip(points: FeatureContributions['points'], largest: number): Html {
  const x = (contribution: number) => round(((contribution / largest + 1) / 2) * WIDTH)
  const strokes = (wanted: (rank: number | null) => boolean, draw: string) =>
    points
      .filter(([, rank]) => wanted(rank))
      .map(([contribution]) => `M${x(contribution)} ${draw}`)
      .join('')
  const upper = strokes((rank) => rank !== null && rank >= 0.5, '8v-7')
  const lower = strokes((rank) => rank !== null && rank < 0.5, '10v7')
  const other = strokes((rank) => rank === null, '7v4')
  const zero = WIDTH / 2
  return html`<svg viewBox="-4 0 ${WIDTH + 8} 18" width="${WIDTH + 8}" height="18" aria-hidden="true"><path class="ax" d="M0 9H${WIDTH}" fill="none"/><path class="mk" d="M${zero} 0V18"/><path class="lo" d="${lower}"/><path class="nu" d="${other}"/><path class="hi" d="${upper}"/></svg>`
}
