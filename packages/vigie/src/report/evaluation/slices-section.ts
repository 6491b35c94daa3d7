import { axisOver } from '../chart.ts'
import { type Html, html, name } from '../html.ts'
import { interval, type Scale, scaleTicks } from '../marks.ts'
import { count } from '../numbers.ts'
import { gainText, shown } from './metrics-section.ts'
import type { EvaluatedSlice, EvaluationReport } from './model.ts'
import { titleOf } from './titles.ts'
import { mainMetric } from './verdict.ts'

/** The main metric in each part of the rows. */
export function slicesSection(report: EvaluationReport): Html {
  const { slices } = report
  if (!slices || slices.length === 0) return html``
  const metric = mainMetric(report)
  const scale = scaleOf(slices, metric)
  const paired = report.paired !== undefined
  return html`<section id="slices" aria-labelledby="h-slices"><h2 id="h-slices">${titleOf(metric)} by slice</h2>
<p class="lead">The same in each part of the rows. Among many parts one looks bad by chance: an interval here holds for its own part alone. The JSON has every metric.</p>
<div class="tw" tabindex="0" role="region" aria-label="Slices"><table class="perf"><thead><tr><th scope="col">Slice</th><th scope="col" class="num">Rows</th><th scope="col" class="num">${titleOf(metric)}</th><th scope="col"><span class="sr">Interval drawn</span>${scale ? scaleTicks(scale) : null}</th>${paired ? html`<th scope="col" class="num">Gain</th>` : null}</tr></thead><tbody>
${slices.map((slice) => sliceRow(slice, metric, scale, paired))}
</tbody></table></div></section>`
}

function sliceRow(
  slice: EvaluatedSlice,
  metric: ReturnType<typeof mainMetric>,
  scale: Scale | null,
  paired: boolean,
): Html {
  const found = slice.metrics[metric]
  const drawn =
    scale && found && found.value !== null && found.low !== null && found.high !== null
      ? interval(found.value, { low: found.low, high: found.high }, scale)
      : null
  return html`<tr><th scope="row">${name(`${slice.column}=${slice.value}`)}</th><td class="num">${count(slice.rows)}<span class="only-s"> rows</span></td><td class="num">${shown(found)}</td><td>${drawn}</td>${paired ? html`<td class="num">${gainText(slice.paired?.[metric])}</td>` : null}</tr>`
}

function scaleOf(slices: readonly EvaluatedSlice[], metric: ReturnType<typeof mainMetric>): Scale | null {
  const ends = slices.flatMap(({ metrics }) => {
    const found = metrics[metric]
    return found && found.low !== null && found.high !== null ? [found.low, found.high] : []
  })
  if (ends.length === 0) return null
  const { low, high, ticks } = axisOver(ends, '')
  return { low, high, ticks, chance: metric === 'auc' && low <= 0.5 ? 0.5 : null }
}
