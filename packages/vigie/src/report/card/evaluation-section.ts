import type { CardEvaluation, CardReport } from '../../domain/model-card.ts'
import { isLoss, type MetricName } from '../../domain/policy.ts'
import { capital } from '../comparison/metrics-section.ts'
import { type Html, html, name } from '../html.ts'
import { count, fixed, score, signed } from '../numbers.ts'
import { metricTitle } from '../performance-reading.ts'
import { statusMark } from '../status.ts'

/** How good the version is on rows that it had not seen, in all and in parts. */
export function evaluationSection({ evaluation, unevaluated, version }: CardReport): Html {
  const body = evaluation
    ? measured(evaluation)
    : html`<p class="lead">${statusMark('none', 'No reading')} ${unevaluated}</p>`
  return html`<section id="evaluation" aria-labelledby="h-evaluation"><h2 id="h-evaluation">How good version ${version} is</h2>
${body}</section>`
}

function measured({ asOf, champion, decision, details, evidence }: CardEvaluation): Html {
  const against = champion === null ? 'no other: it was a first model' : `version ${champion}`
  const rows = details?.rows ?? evidence.selection?.used
  return html`<p class="lead">${rows === undefined ? 'Held-out rows' : `${count(rows)} held-out rows`} of ${asOf} that it was not trained on, compared with ${against}. Decision <span class="cmd">${decision}</span>, rows <span class="mono name">${evidence.rowsHash}</span>.</p>
<div class="tw" tabindex="0" role="region" aria-label="Metrics"><table><thead><tr><th scope="col">Metric</th><th scope="col" class="num">Value, 95 % interval</th><th scope="col">How the interval was made</th></tr></thead><tbody>
${details ? details.metrics.map(({ metric, challenger }) => row(metric, challenger)) : Object.entries(evidence.metrics?.challenger ?? {}).map(([metric, value]) => row(metric as MetricName, { value, low: null, high: null, method: 'the scores were not kept' }))}
</tbody></table></div>
${parts(evidence)}`
}

function row(
  metric: MetricName,
  measured: {
    readonly value: number
    readonly low: number | null
    readonly high: number | null
    readonly method: string
  } | null,
): Html {
  const title = `${capital(metricTitle(metric))}, ${isLoss(metric) ? 'down is good' : 'up is good'}`
  if (measured === null)
    return html`<tr><th scope="row">${title}</th><td class="num">${statusMark('none', 'No reading')}</td><td></td></tr>`
  const { value, low, high, method } = measured
  const range = low === null || high === null ? null : html` <span class="int">[${fixed(low)}, ${fixed(high)}]</span>`
  return html`<tr><th scope="row">${title}</th><td class="num"><span class="strong">${fixed(value)}</span>${range}</td><td class="soft">${method}</td></tr>`
}

function parts({ slices, unjudgedSlices }: CardEvaluation['evidence']): Html | null {
  if (!slices || slices.length + (unjudgedSlices ?? []).length === 0) return null
  return html`<details><summary>In parts of the rows, against the champion of then</summary><div class="tw" tabindex="0" role="region" aria-label="Parts of the rows"><table><thead><tr><th scope="col">Part</th><th scope="col" class="num">Rows</th><th scope="col" class="num">Rise of the loss</th><th scope="col" class="num">p</th></tr></thead><tbody>
${slices.map(({ name: part, rows, harm, p }) => html`<tr><th scope="row">${name(part)}</th><td class="num">${rows === undefined ? null : count(rows)}</td><td class="num">${signed(harm)}</td><td class="num">${score(p)}</td></tr>`)}
${(unjudgedSlices ?? []).map(({ name: part, rows }) => html`<tr><th scope="row">${name(part)}</th><td class="num">${count(rows)}</td><td class="num" colspan="2">${statusMark('none', 'Too few rows')}</td></tr>`)}
</tbody></table></div></details>`
}
