import type { Measured, MetricComparison } from '../../domain/comparison-details.ts'
import { isLoss } from '../../domain/policy.ts'
import { axisOver } from '../chart.ts'
import { type Html, html } from '../html.ts'
import { interval, type Scale, scaleTicks } from '../marks.ts'
import { fixed, signed } from '../numbers.ts'
import { metricTitle } from '../performance-reading.ts'
import { statusMark } from '../status.ts'
import type { ComparisonReport } from './model.ts'
import { namesOf } from './names.ts'

/** Each metric of both, and the difference with the interval that belongs to the pair. */
export function metricsSection(report: ComparisonReport): Html {
  const { details } = report
  if (details === null) return html``
  const { challenger, champion } = namesOf(report)
  const paired = report.champion !== null
  const scale = gainScale(details.metrics)
  const drawn = paired && scale
  return html`<section id="metrics" aria-labelledby="h-metrics"><h2 id="h-metrics">In numbers</h2>
<p class="lead">All on the same ${details.rows.toLocaleString('en-US')} rows, with 95 % intervals. ${paired ? 'The difference is told from the pair, row by row: it is surer than two intervals beside each other. Above 0 is better for every metric.' : null}</p>
<div class="tw" tabindex="0" role="region" aria-label="Metrics"><table class="perf"><thead><tr><th scope="col">Metric</th>${paired ? html`<th scope="col" class="num">${capital(champion)}</th>` : null}<th scope="col" class="num">${capital(challenger)}</th>${paired ? html`<th scope="col" class="num">Difference</th>` : null}${drawn ? html`<th scope="col"><span class="sr">Difference drawn</span>${scaleTicks(scale)}</th>` : null}</tr></thead><tbody>
${details.metrics.map((row) => metricRow(row, paired, drawn ? scale : null))}
</tbody></table></div></section>`
}

function metricRow(
  { metric, champion, challenger, gain }: MetricComparison,
  paired: boolean,
  scale: Scale | null,
): Html {
  const good = isLoss(metric) ? 'down is good' : 'up is good'
  return html`<tr><th scope="row">${capital(metricTitle(metric))}, <span class="soft">${good}</span></th>${paired ? html`<td class="num">${value(champion)}</td>` : null}<td class="num">${value(challenger)}</td>${paired ? html`<td class="num">${difference(gain)}</td>` : null}${scale ? html`<td>${gain && !isWide(metric) ? interval(gain.value, gain, scale) : null}</td>` : null}</tr>`
}

function value(measured: Measured | null): Html {
  if (measured === null) return statusMark('none', 'No reading')
  return html`<span class="strong">${fixed(measured.value)}</span> <span class="int">[${fixed(measured.low)}, ${fixed(measured.high)}]</span>`
}

function difference(gain: Measured | null): Html {
  if (gain === null) return statusMark('none', 'No reading')
  return html`<span class="strong">${signed(gain.value)}</span> <span class="int">[${signed(gain.low)}, ${signed(gain.high)}]</span>`
}

/** Errors in the label's own unit share no scale with the others. */
const isWide = (metric: MetricComparison['metric']): boolean => metric === 'rmse' || metric === 'mae'

/** One scale for all differences; the dotted line is no difference. */
function gainScale(metrics: readonly MetricComparison[]): Scale | null {
  const gains = metrics.flatMap(({ metric, gain }) => (gain && !isWide(metric) ? [gain.low, gain.high] : []))
  if (gains.length === 0) return null
  const { low, high, ticks } = axisOver([...gains, 0], '')
  return { low, high, ticks, chance: 0 }
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
