import type { EvaluatedMetric, MetricInterval } from '../../domain/evaluation/metric-intervals.ts'
import type { PairedInterval } from '../../domain/evaluation/paired-intervals.ts'
import { isLoss } from '../../domain/policy.ts'
import { axisOver } from '../chart.ts'
import { type Html, html } from '../html.ts'
import { interval, type Scale, scaleTicks } from '../marks.ts'
import { fixed, quantity, score, signed } from '../numbers.ts'
import { statusMark } from '../status.ts'
import type { EvaluationReport } from './model.ts'
import { titleOf } from './titles.ts'

/** Every metric with its interval; of two models also the gain, which is told from the pair. */
export function metricsSection(report: EvaluationReport): Html {
  const { metrics, against, paired, columns } = report
  const names = Object.keys(metrics) as EvaluatedMetric[]
  const drawn = paired ? gainScale(names.map((name) => gainOf(report, name))) : valueScale(Object.values(metrics))
  const head = paired
    ? html`<th scope="col" class="num">${columns.against.join(', ')}</th><th scope="col" class="num">${columns.score.join(', ')}</th><th scope="col" class="num">Gain</th>`
    : html`<th scope="col" class="num">${columns.score.join(', ')}</th>`
  return html`<section id="metrics" aria-labelledby="h-metrics"><h2 id="h-metrics">In numbers</h2>
<p class="lead">With 95 % intervals. ${paired ? 'The gain is told from the pair, row by row, which is surer than two intervals beside each other. Above 0 is better for every metric.' : 'Where the interval is wide, the file holds too little to tell.'}</p>
<div class="tw" tabindex="0" role="region" aria-label="Metrics"><table class="perf"><thead><tr><th scope="col">Metric</th>${head}${drawn ? html`<th scope="col"><span class="sr">Interval drawn</span>${scaleTicks(drawn)}</th>` : null}</tr></thead><tbody>
${names.map((name) => row(name, metrics[name]!, against?.metrics[name], paired ? (gainOf(report, name) ?? null) : undefined, drawn))}
</tbody></table></div></section>`
}

function row(
  name: EvaluatedMetric,
  metric: MetricInterval,
  other: MetricInterval | undefined,
  gain: PairedInterval | null | undefined,
  scale: Scale | null,
): Html {
  const good = name !== 'liftAtTenth' && name !== 'gainAtTenth' && isLoss(name) ? 'down is good' : 'up is good'
  const values =
    gain === undefined
      ? html`<td class="num">${shown(metric)}</td>`
      : html`<td class="num">${shown(other)}</td><td class="num">${shown(metric)}</td><td class="num">${gainText(gain)}</td>`
  const mark =
    scale === null ? null : html`<td>${gain === undefined ? marked(metric, scale) : markedGain(gain, scale)}</td>`
  return html`<tr><th scope="row">${titleOf(name)}, <span class="soft">${good}</span></th>${values}${mark}</tr>`
}

/** A value and its interval, or why there is none. */
export function shown(metric: MetricInterval | undefined): Html {
  if (!metric || metric.value === null) return statusMark('none', 'No reading')
  const range =
    metric.low === null || metric.high === null
      ? null
      : html` <span class="int">[${digits(metric.low)}, ${digits(metric.high)}]</span>`
  return html`<span class="strong">${digits(metric.value)}</span>${range}`
}

export function gainText(gain: PairedInterval | null | undefined): Html {
  if (!gain || gain.gain === null || gain.low === null || gain.high === null) return html``
  const p = gain.p === null ? null : html` <span class="soft">p ${score(gain.p)}</span>`
  return html`<span class="strong">${signed(gain.gain)}</span> <span class="int">[${signed(gain.low)}, ${signed(gain.high)}]</span>${p}`
}

function marked({ value, low, high }: MetricInterval, scale: Scale): Html | null {
  if (value === null || low === null || high === null || high > scale.high) return null
  return interval(value, { low, high }, scale)
}

function markedGain(gain: PairedInterval | null | undefined, scale: Scale): Html | null {
  if (!gain || gain.gain === null || gain.low === null || gain.high === null) return null
  if (gain.low < scale.low || gain.high > scale.high) return null
  return interval(gain.gain, { low: gain.low, high: gain.high }, scale)
}

/** Everything from 0 to 1 on one scale; what is larger is not drawn. */
function valueScale(metrics: readonly MetricInterval[]): Scale | null {
  if (!metrics.some(({ high }) => high !== null && high <= 1)) return null
  return { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1], chance: null }
}

/** Gains of up to 1 on one scale around 0, which is dotted. */
function gainScale(gains: readonly (PairedInterval | undefined)[]): Scale | null {
  const ends = gains.flatMap((gain) => (gain?.low && gain.high && Math.abs(gain.low) <= 1 ? [gain.low, gain.high] : []))
  if (ends.length === 0) return null
  const { low, high, ticks } = axisOver([...ends, 0], '')
  return { low, high, ticks, chance: 0 }
}

function gainOf({ paired }: EvaluationReport, name: EvaluatedMetric): PairedInterval | undefined {
  return paired?.[name as Exclude<EvaluatedMetric, 'liftAtTenth' | 'gainAtTenth'>]
}

const digits = (value: number): string => (Math.abs(value) < 10 ? fixed(value) : quantity(value))
