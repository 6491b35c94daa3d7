import { isLoss } from '../domain/policy.ts'
import { type Html, html } from './html.ts'
import { interval, type Scale, scaleTicks } from './marks.ts'
import type { MonitorReport, ReportedPerformance } from './model.ts'
import { count, fixed } from './numbers.ts'
import { metricTitle, performanceReading } from './performance-reading.ts'
import { sentence } from './sentence.ts'
import { statusMark } from './status.ts'

/** The champion's metric, then and now. */
export function performanceSection({ performance, unmeasured, current }: MonitorReport): Html {
  return html`<section id="performance" aria-labelledby="h-performance"><h2 id="h-performance">Performance</h2>
${performance ? measured(performance, current.asOf) : noReading(unmeasured)}</section>`
}

function noReading(unmeasured: string | null): Html {
  return html`<p class="lead">${statusMark('none', 'No reading')} ${sentence(unmeasured ?? '')}</p>`
}

function measured(performance: ReportedPerformance, asOf: string): Html {
  const { metric, version, rows, was, now } = performance
  const scale = scaleOf(performance)
  const chance = scale.chance === null ? '' : ' The dotted line is a coin toss.'
  const before =
    was === null
      ? html`<tr><th scope="row">Version ${version}, when it became champion</th><td class="num"></td><td class="num">${statusMark('none', 'No reading')}</td><td></td><td class="soft">not recorded</td></tr>`
      : html`<tr><th scope="row">Version ${version}, when it became champion</th><td class="num"></td><td class="num"><span class="strong">${fixed(was)}</span></td><td>${interval(was, null, scale)}</td><td></td></tr>`
  return html`<p class="lead">Scored on rows that no version is ever trained on. ${isLoss(metric) ? 'Down' : 'Up'} is good.${chance}</p>
<div class="tw" tabindex="0" role="region" aria-label="Performance"><table class="perf"><thead><tr><th scope="col">Model and date</th><th scope="col" class="num">Rows</th><th scope="col" class="num">${metricTitle(metric)}, 95 % interval</th><th scope="col"><span class="sr">Interval drawn</span>${scaleTicks(scale)}</th><th scope="col">Reading</th></tr></thead><tbody>
${before}
<tr><th scope="row">Version ${version}, ${asOf}</th><td class="num">${count(rows)}<span class="only-s"> rows</span></td><td class="num"><span class="strong">${fixed(now.value)}</span> <span class="int">[${fixed(now.low)}, ${fixed(now.high)}]</span></td><td>${interval(now.value, now, scale)}</td><td>${reading(performance)}</td></tr>
</tbody></table></div>`
}

function reading(performance: ReportedPerformance): Html {
  switch (performanceReading(performance)) {
    case 'no better than chance':
      return statusMark('act', 'No better than chance')
    case 'worse':
      return statusMark('act', 'Worse')
    case 'too few rows to tell':
      return statusMark('none', 'Too few rows to tell')
    case 'no fall shown':
      return statusMark('ok', 'No fall shown')
    case 'no earlier value':
      return statusMark('none', 'Nothing to compare with')
  }
}

/** AUC between 0.4 and 0.9 when all fits there; everything else from 0. */
function scaleOf({ metric, was, now }: ReportedPerformance): Scale {
  const values = [now.low, now.high, ...(was === null ? [] : [was])]
  const low = Math.min(...values)
  const high = Math.max(...values)
  if (metric === 'auc' && low >= 0.4 && high <= 0.9) {
    return { low: 0.4, high: 0.9, ticks: [0.4, 0.5, 0.6, 0.7, 0.8, 0.9], chance: 0.5 }
  }
  const end = high <= 1 ? 1 : Math.ceil(high)
  // R2 is below 0 for what is worse than the mean.
  const start = Math.min(0, Math.floor(low))
  return {
    low: start,
    high: end,
    ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => start + share * (end - start)),
    chance: metric === 'auc' ? 0.5 : null,
  }
}
