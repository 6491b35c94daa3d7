import { tQuantile } from '../../domain/distributions/student-t.ts'
import type { SliceEvidence, UnjudgedSlice } from '../../domain/promotion/evidence.ts'
import { holmAdjusted } from '../../domain/significance/holm.ts'
import { axisOver } from '../chart.ts'
import { type Html, html, name } from '../html.ts'
import { interval, type Scale, scaleTicks } from '../marks.ts'
import { count, score, signed } from '../numbers.ts'
import { statusMark } from '../status.ts'
import type { ComparisonReport } from './model.ts'

interface Part extends SliceEvidence {
  readonly adjusted: number
  /** 95 % interval of the harm. */
  readonly range: { readonly low: number; readonly high: number } | null
}

/** For whom it gets worse: every part of the rows that was tested, worst first, and those too small to test. */
export function slicesSection({ evidence, policy, details, target }: ComparisonReport): Html {
  const { slices, unjudgedSlices } = evidence
  if (details === null || slices === null) return html``
  const harm = target.kind === 'number' ? "squared error, as a share of the labels' variance," : 'Brier score'
  const lead =
    slices.length === 0
      ? 'The policy names no parts of the rows, and none was found that looks worse.'
      : `How the ${harm} rises in a part of the rows: above 0 is worse. A part blocks when its harm is shown at ${policy.sliceAlpha} over all of them together and is above ${policy.sliceMinHarm}.`
  return html`<section id="slices" aria-labelledby="h-slices"><h2 id="h-slices">Parts of the rows</h2><p class="lead">${lead}</p>
${slices.length + (unjudgedSlices?.length ?? 0) === 0 ? null : table(partsOf(slices), unjudgedSlices ?? [], policy)}</section>`
}

function partsOf(slices: readonly SliceEvidence[]): readonly Part[] {
  const adjusted = holmAdjusted(slices.map(({ p }) => p))
  return slices
    .map((slice, i) => ({ ...slice, adjusted: adjusted[i]!, range: rangeOf(slice) }))
    .sort((a, b) => b.harm - a.harm)
}

function rangeOf({ harm, se, df }: SliceEvidence): Part['range'] {
  if (se === undefined || typeof df !== 'number') return null
  const half = tQuantile(0.975, df) * se
  return { low: harm - half, high: harm + half }
}

function table(
  parts: readonly Part[],
  unjudged: readonly UnjudgedSlice[],
  { sliceAlpha, sliceMinHarm }: ComparisonReport['policy'],
): Html {
  const scale = scaleOf(parts)
  return html`<div class="tw" tabindex="0" role="region" aria-label="Parts of the rows"><table class="perf"><thead><tr><th scope="col">Part</th><th scope="col" class="num">Rows</th><th scope="col" class="num">Rise, 95 % interval</th><th scope="col"><span class="sr">Rise drawn</span>${scaleTicks(scale)}</th><th scope="col">Reading, adjusted p</th></tr></thead><tbody>
${parts.map((part) => partRow(part, scale, part.adjusted <= sliceAlpha && part.harm > sliceMinHarm))}
${unjudged.map(({ name: part, rows }) => html`<tr><th scope="row">${name(part)}</th><td class="num">${count(rows)}</td><td class="num"></td><td></td><td>${statusMark('none', 'Too few rows')}</td></tr>`)}
</tbody></table></div>`
}

function partRow({ name: part, kind, rows, harm, adjusted, range }: Part, scale: Scale, worse: boolean): Html {
  const shown = range ? html` <span class="int">[${signed(range.low)}, ${signed(range.high)}]</span>` : null
  const reading = worse ? statusMark('act', 'Worse') : statusMark('ok', 'No harm shown')
  return html`<tr><th scope="row">${name(part)}${kind === 'found' ? html` <span class="soft">found</span>` : null}</th><td class="num">${rows === undefined ? null : count(rows)}</td><td class="num"><span class="strong">${signed(harm)}</span>${shown}</td><td>${interval(harm, range, scale)}</td><td>${reading} <span class="int">${score(adjusted)}</span></td></tr>`
}

/** One scale for all; the dotted line is no change. */
function scaleOf(parts: readonly Part[]): Scale {
  const ends = parts.flatMap(({ harm, range }) => (range ? [range.low, range.high] : [harm]))
  const { low, high, ticks } = axisOver([...ends, 0], '')
  return { low, high, ticks, chance: 0 }
}
