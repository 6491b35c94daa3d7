import type { Pictures } from '../../domain/comparison-pictures.ts'
import type { AnsweredGroup } from '../../domain/curves/groups.ts'
import { axisOver, type Line, lineChart, lineLegend } from '../chart.ts'
import { bars, rangeAxis } from '../distribution.ts'
import { type Html, html } from '../html.ts'
import { percent, quantity } from '../numbers.ts'
import { capital } from './metrics-section.ts'
import type { ComparisonReport } from './model.ts'
import { namesOf } from './names.ts'

/** Predicted beside actual, and how far both are off. */
export function numberSection(
  report: ComparisonReport,
  { predicted, residuals }: Extract<Pictures, { kind: 'number' }>,
): Html {
  const names = namesOf(report)
  const line = (mark: Line['mark'], label: string, groups: readonly AnsweredGroup[]): Line => ({
    mark,
    label: capital(label),
    points: groups.map(({ answered, came }) => [answered, came] as const),
    ranges: groups,
  })
  const lines = [
    ...(predicted.champion ? [line('reference', names.champion, predicted.champion)] : []),
    line('current', names.challenger, predicted.challenger),
  ]
  const all = [...(predicted.champion ?? []), ...predicted.challenger]
  const axis = axisOver(
    all.flatMap(({ answered, low, high }) => [answered, low, high]),
    '',
  )
  const finding = lines
    .map(
      ({ label, points }) =>
        `${label}: answers from ${quantity(points[0]![0])} to ${quantity(points.at(-1)![0])}, the truth from ${quantity(points[0]![1])} to ${quantity(points.at(-1)![1])}`,
    )
    .join('; ')
  const within = (shares: readonly number[]) => {
    const middle = shares.length / 2
    return percent(shares.slice(middle - 5, middle + 5).reduce((total, share) => total + share, 0))
  }
  const near = quantity(residuals.edges[residuals.edges.length - 1]! / 4)
  const off = `Within ${near} of the truth: ${residuals.champion ? `${within(residuals.champion)} of the rows by ${names.champion}, ` : ''}${within(residuals.challenger)} by ${names.challenger}`
  return html`<section id="curves" aria-labelledby="h-curves"><h2 id="h-curves">Predicted and actual</h2>
${lineLegend(lines)}
<div class="charts"><figure>${lineChart(lines, { x: { ...axis, name: 'predicted, mean of the group' }, y: { ...axis, name: 'actual, mean' }, finding })}<figcaption>Ten groups of rows by what was predicted, and what came of each, with 95 % intervals. On the dotted line they are the same.</figcaption></figure>
<figure><div class="dist wide">${bars({ reference: residuals.champion ?? residuals.challenger.map(() => 0), current: residuals.challenger }, off)}${rangeAxis(residuals, false)}</div><figcaption>Residuals, actual minus predicted, as shares of the rows${residuals.champion ? `: filled ${names.champion}, the line ${names.challenger}` : ''}. ${off}.</figcaption></figure></div></section>`
}
