import type { FeatureExplanation, ModelExplanation } from '../../domain/explain/model-explanation.ts'
import { UNITS } from '../../domain/explain/units.ts'
import { type Html, html, name } from '../html.ts'
import { interval, type Scale, scaleTicks } from '../marks.ts'
import { count, fixed, percent, plural, quantity, signed } from '../numbers.ts'
import { metricTitle } from '../performance-reading.ts'
import { contributionStrip } from './strip.ts'

/** Features that a table shows; the others are counted. */
const SHOWN = 30

/**
 * What the features of a version do, as a section of a page: a row a feature with what is lost without it, how its values
 * push, its mean size and its share of the gain; then how all that was told.
 */
export function explanationSection(explanation: ModelExplanation): Html {
  const { features, shuffled, groups } = explanation
  const shown = features.slice(0, SHOWN)
  const scale = shuffled && lossScale(shown)
  const largest = Math.max(...shown.flatMap(({ points }) => points.map(([contribution]) => Math.abs(contribution))), 0)
  const strips = largest > 0
  const hasGain = features.some(({ gain }) => gain !== null)
  return html`<section id="explanation"><h2>What the features do</h2>
<p class="lead">${leadText(explanation)}</p>
<div class="tw" tabindex="0" role="region" aria-label="Features by what they do"><table class="perf"><thead><tr><th scope="col">Feature</th>${
    scale
      ? html`<th scope="col">Lost without it${scaleTicks(scale)}</th><th scope="col" class="num">${metricTitle(shuffled!.metric)}, 95 %</th>`
      : null
  }${strips ? html`<th scope="col">Contributions of some rows</th>` : null}<th scope="col" class="num">Mean size</th>${
    hasGain ? html`<th scope="col" class="num">Gain</th>` : null
  }</tr></thead><tbody>${shown.map(
    (feature) =>
      html`<tr><th scope="row">${name(feature.name)}${directionText(feature)}</th>${
        scale && feature.loss
          ? html`<td>${interval(feature.loss.estimate, feature.loss, scale)}</td><td class="num">${signed(feature.loss.estimate)} <span class="int">[${signed(feature.loss.low)}, ${signed(feature.loss.high)}]</span></td>`
          : null
      }${strips ? html`<td>${contributionStrip(feature.points, largest)}</td>` : null}<td class="num">${quantity(feature.size.estimate)}</td>${
        hasGain ? html`<td class="num">${feature.gain === null ? '' : percent(feature.gain)}</td>` : null
      }</tr>`,
  )}</tbody></table></div>
${features.length > SHOWN ? html`<p class="say">And ${plural(features.length - SHOWN, 'feature')} more.</p>` : null}
${groups.map(
  (group) =>
    html`<p class="say">Say the same in part, and were shuffled together: ${group.features.map((one, i) => html`${i > 0 ? ', ' : ''}${name(one)}`)}. Lost: ${signed(group.loss.estimate)} <span class="int">[${signed(group.loss.low)}, ${signed(group.loss.high)}]</span>.</p>`,
)}
<details><summary>How this was told</summary><div>${methodText(explanation)}</div></details></section>`
}

/** The finding in one sentence: what a model leans on most. */
export function explanationFinding({ features, shuffled }: ModelExplanation): string {
  const [first, second] = features
  if (!first) return 'There are no features.'
  const also = second ? `, then on ${second.name}` : ''
  if (!shuffled) return `It leans most on ${first.name}${also}.`
  const unsure = first.loss !== null && first.loss.low <= 0
  return unsure ? 'No single feature is shown to matter.' : `It leans most on ${first.name}${also}.`
}

function leadText({ rows, shuffled, notShuffled, version }: ModelExplanation): string {
  const on = `${count(rows.all)} rows of ${rows.asOf}, none of them held out, so this is no look at the holdout.`
  if (!shuffled) return `On ${on} Nothing was shuffled: ${notShuffled}.`
  const { metric, value, refits } = shuffled
  const down = shuffled.isLoss ? 'down is good' : 'up is good'
  const by = refits === 0 ? `version ${version} itself` : `${plural(refits, 'model')} of the same trainer`
  return `${metricTitle(metric)} (${down}) is ${fixed(value)} by ${by} ${rows.trainedOn === null ? 'on rows that it may have seen' : 'on rows not seen before'}. On ${on}`
}

function directionText({ direction }: FeatureExplanation): Html | null {
  if (direction === null || Math.abs(direction) < 0.3) return null
  return html` <span class="dim">${direction > 0 ? 'higher raises' : 'higher lowers'}</span>`
}

function methodText({ rows, shuffled, space, beforeCalibration }: ModelExplanation): readonly Html[] {
  const size = html`<p>Contributions are Shapley values, ${UNITS[space]}, told from the mean over the training rows${beforeCalibration ? ', of the score before calibration' : ''}: mean size over ${count(rows.explained)} rows. In the strips a stroke above the line is a row whose value lies in the upper half of its feature, one below in the lower half, a short one across it has no value or no order; right of the middle it raises the score.</p>`
  const gain = html`<p>Gain is the share of what the splits of the trees tell apart on the rows that they were grown on. It favours features of many values.</p>`
  if (!shuffled) return [size, gain]
  const { repetitions, refits, rows: n } = shuffled
  const by =
    refits === 0
      ? rows.trainedOn === null
        ? 'Nobody kept what the version was trained on: where it has seen these rows, the losses are too large.'
        : 'The version was not trained on these rows.'
      : `A model knows its training rows by heart, so ${plural(refits, 'model')} of the same trainer ${refits === 1 ? 'was' : 'were'} fitted on part of the entities and judged on the others.`
  return [
    html`<p>Each feature was shuffled ${repetitions} times among ${count(n)} rows. The interval says how sure the mean is over the ways to shuffle, and nothing of other rows. ${by}</p>`,
    size,
    gain,
  ]
}

/** From the least to the most that any interval holds, 0 among it. */
function lossScale(features: readonly FeatureExplanation[]): Scale {
  const losses = features.flatMap(({ loss }) => (loss ? [loss.low, loss.high] : []))
  const low = Math.min(0, ...losses)
  const high = Math.max(...losses, low + 1e-9)
  const step = niceStep((high - low) / 3)
  const ticks: number[] = []
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push(at)
  return { low, high, ticks, chance: 0 }
}

function niceStep(rough: number): number {
  const size = 10 ** Math.floor(Math.log10(rough))
  const times = rough / size
  return size * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10)
}
