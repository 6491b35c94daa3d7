import type { Pictures } from '../../domain/comparison-pictures.ts'
import type { AtThreshold } from '../../domain/curves/at-threshold.ts'
import type { AnsweredGroup } from '../../domain/curves/groups.ts'
import type { Curve } from '../../domain/curves/roc.ts'
import { axisOver, type Line, lineChart, lineLegend, shareAxis } from '../chart.ts'
import { type Html, html } from '../html.ts'
import { count, fixed, percent } from '../numbers.ts'
import { capital } from './metrics-section.ts'
import type { ComparisonReport } from './model.ts'
import { namesOf } from './names.ts'

type Binary = Extract<Pictures, { kind: 'binary' }>
type Both<T> = { readonly champion: T | null; readonly challenger: T }

/** Curves of two models that answer with a probability. */
export function binarySection(report: ComparisonReport, { roc, calibration, thresholds }: Binary): Html {
  const names = namesOf(report)
  return html`<section id="curves" aria-labelledby="h-curves"><h2 id="h-curves">How they rank, and what their probabilities mean</h2>
${lineLegend(linesOf(roc, names, () => ({ points: [] })))}
<div class="charts"><figure>${rocChart(roc, names)}<figcaption>ROC: of the rows that came true the share that is found, for a share of false alarms. The dotted line is a coin toss.</figcaption></figure>
<figure>${calibrationChart(calibration, names)}<figcaption>Calibration: ten groups of rows by probability, and what came true of each, with 95 % intervals. On the dotted line a probability means what it says.</figcaption></figure></div></section>
${thresholdSection(report, thresholds)}`
}

function linesOf<T>(
  both: Both<T>,
  names: { readonly champion: string; readonly challenger: string },
  draw: (of: T) => Pick<Line, 'points' | 'ranges'>,
): readonly Line[] {
  const reference = both.champion
    ? [{ mark: 'reference' as const, label: capital(names.champion), ...draw(both.champion) }]
    : []
  return [...reference, { mark: 'current', label: capital(names.challenger), ...draw(both.challenger) }]
}

function rocChart(roc: Both<Curve>, names: { readonly champion: string; readonly challenger: string }): Html {
  const lines = linesOf(roc, names, ({ x, y }) => ({ points: x.map((at, i) => [at, y[i]!] as const) }))
  const finding = lines
    .map(({ label, points }) => `${label} finds ${percent(heightAt(points, 0.1))} at 10 % false alarms`)
    .join('; ')
  return lineChart(lines, {
    x: shareAxis('false alarms, share of negatives'),
    y: shareAxis('found, share of positives'),
    finding,
  })
}

/** Height of a curve of rising points. */
function heightAt(points: Line['points'], x: number): number {
  const after = points.findIndex(([at]) => at > x)
  const [x1, y1] = points[after]!
  const [x0, y0] = points[after - 1]!
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}

function calibrationChart(
  groups: Both<readonly AnsweredGroup[]>,
  names: { readonly champion: string; readonly challenger: string },
): Html {
  const lines = linesOf(groups, names, (of) => ({
    points: of.map(({ answered, came }) => [answered, came] as const),
    ranges: of,
  }))
  const all = [...(groups.champion ?? []), ...groups.challenger]
  const end = axisOver([0, ...all.flatMap(({ answered, high }) => [answered, high])], '')
  const axis = { ...end, high: Math.min(1, end.high), ticks: end.ticks.filter((tick) => tick <= 1) }
  const finding = lines
    .map(
      ({ label, points }) =>
        `${label}: answers from ${fixed(points[0]![0], 2)} to ${fixed(points.at(-1)![0], 2)} came true in ${percent(points[0]![1])} to ${percent(points.at(-1)![1])}`,
    )
    .join('; ')
  return lineChart(lines, {
    x: { ...axis, name: 'probability, mean of the group' },
    y: { ...axis, name: 'share that came true' },
    finding,
  })
}

function thresholdSection(report: ComparisonReport, thresholds: Both<AtThreshold>): Html {
  const names = namesOf(report)
  const rows = report.details!.rows
  const line = (name: string, { threshold, flagged, precision, recall }: AtThreshold) =>
    html`<tr><th scope="row">${capital(name)}</th><td class="num">${fixed(threshold)}</td><td class="num">${count(flagged)} <span class="int">(${percent(flagged / rows)})</span></td><td class="num">${share(precision)}</td><td class="num">${share(recall)}</td></tr>`
  return html`<section id="thresholds" aria-labelledby="h-thresholds"><h2 id="h-thresholds">At their own thresholds</h2>
<p class="lead">What would be flagged of these rows: how many, how many of those rightly, and how many of all that should be.</p>
<div class="tw" tabindex="0" role="region" aria-label="At their own thresholds"><table><thead><tr><th scope="col">Model</th><th scope="col" class="num">Threshold</th><th scope="col" class="num">Flagged</th><th scope="col" class="num">Of them right</th><th scope="col" class="num">Found</th></tr></thead><tbody>
${thresholds.champion ? line(names.champion, thresholds.champion) : null}${line(names.challenger, thresholds.challenger)}
</tbody></table></div></section>`
}

const share = (value: number | null): string => (value === null ? 'none' : percent(value))
