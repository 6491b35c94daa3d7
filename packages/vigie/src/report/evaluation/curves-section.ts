import type { Pictures } from '../../domain/comparison-pictures.ts'
import type { Curve } from '../../domain/curves/roc.ts'
import type { EvaluationCurves } from '../../domain/evaluation/evaluation-curves.ts'
import { type Axis, axisOver, type Line, lineChart, lineLegend, shareAxis } from '../chart.ts'
import { bars, rangeAxis } from '../distribution.ts'
import { type Html, html, name } from '../html.ts'
import { count, fixed, percent, quantity } from '../numbers.ts'
import type { EvaluationReport } from './model.ts'

interface Both<T> {
  readonly champion: T | null
  readonly challenger: T
}

/** The pictures that suit the target. */
export function curvesSection(report: EvaluationReport): Html {
  const { curves } = report
  if (curves === null) return html``
  if (curves.pictures.kind === 'binary') return binary(report, curves)
  if (curves.pictures.kind === 'number') return numbers(report, curves.pictures)
  const { confusion } = curves.pictures
  return html`<section id="curves" aria-labelledby="h-curves"><h2 id="h-curves">What each class is taken for</h2>
<p class="lead">Rows by their class, and by the class that ${report.columns.score.join(', ')} holds for likeliest.</p>
<div class="tw" tabindex="0" role="region" aria-label="Confusion"><table><thead><tr><th scope="col">Class</th>${report.classes.map((text) => html`<th scope="col" class="num">${name(text)}</th>`)}<th scope="col" class="num">Told right</th></tr></thead><tbody>
${confusion.challenger.map((row, k) => confusionRow(report.classes[k]!, row, k))}
</tbody></table></div></section>`
}

function confusionRow(text: string, row: readonly number[], k: number): Html {
  const all = row.reduce((sum, n) => sum + n, 0)
  return html`<tr><th scope="row">${name(text)}</th>${row.map((n, j) => html`<td class="num${j === k ? ' strong' : ''}">${count(n)}</td>`)}<td class="num">${all === 0 ? 'none' : percent(row[k]! / all)}</td></tr>`
}

function binary(report: EvaluationReport, { pictures, score, against }: EvaluationCurves): Html {
  if (pictures.kind !== 'binary' || score === null) return html``
  const of = (pick: (curves: NonNullable<typeof score>) => Curve): Both<Curve> => ({
    champion: against && pick(against),
    challenger: pick(score),
  })
  const base = report.positives! / report.rows
  const lift = of((curves) => curves.lift)
  const most = Math.max(2, ...lift.challenger.y, ...(lift.champion?.y ?? []))
  const figures = [
    figure(
      chart(
        report,
        pictures.roc,
        shareAxis('false alarms, share of negatives'),
        shareAxis('found, share of positives'),
        0.1,
        true,
      ),
      'ROC: the share of positives that is found, for a share of false alarms. The dotted line is a coin toss.',
    ),
    figure(
      chart(
        report,
        of((c) => c.precisionRecall),
        shareAxis('found, share of positives'),
        shareAxis('right, share of the flagged'),
        0.5,
      ),
      `Precision and recall: how many of the flagged are right while more positives are found. At random it is ${percent(base)}.`,
    ),
    figure(
      chart(
        report,
        lift,
        shareAxis('share of rows, highest scores first'),
        axisOver([0, most], 'times the base rate'),
        0.1,
      ),
      'Lift: how many times the base rate the rows with the highest scores hold. At random it is 1.',
    ),
    ...(score.reliability === null ? [] : [calibration(report, pictures)]),
  ]
  return html`<section id="curves" aria-labelledby="h-curves"><h2 id="h-curves">How it ranks, and what its probabilities mean</h2>
${lineLegend(lines(report, pictures.roc))}
<div class="charts">${figures}</div></section>`
}

function figure(drawn: Html, caption: string): Html {
  return html`<figure>${drawn}<figcaption>${caption}</figcaption></figure>`
}

function lines({ columns }: EvaluationReport, both: Both<Curve>): readonly Line[] {
  const line = (mark: Line['mark'], names: readonly string[], { x, y }: Curve): Line => ({
    mark,
    label: names.join(', '),
    points: x.map((at, i) => [at, y[i]!] as const),
  })
  return [
    ...(both.champion ? [line('reference', columns.against, both.champion)] : []),
    line('current', columns.score, both.challenger),
  ]
}

/** `at` is where the finding reads the curve, as a share of x. */
function chart(report: EvaluationReport, both: Both<Curve>, x: Axis, y: Axis, at: number, diagonal = false): Html {
  const drawn = lines(report, both)
  const finding = drawn
    .map(({ label, points }) => `${label}: ${fixed(heightAt(points, at), 2)} (${y.name}) at ${percent(at)} (${x.name})`)
    .join('; ')
  return lineChart(drawn, { x, y, finding, diagonal })
}

/** The curve at `x`, or where it ends. */
function heightAt(points: Line['points'], x: number): number {
  return (points.findLast(([at]) => at <= x) ?? points[0])?.[1] ?? 0
}

function calibration(report: EvaluationReport, pictures: Extract<Pictures, { kind: 'binary' }>): Html {
  const { champion, challenger } = pictures.calibration
  const line = (mark: Line['mark'], names: readonly string[], groups: typeof challenger): Line => ({
    mark,
    label: names.join(', '),
    points: groups.map(({ answered, came }) => [answered, came] as const),
    ranges: groups,
  })
  const drawn = [
    ...(champion ? [line('reference', report.columns.against, champion)] : []),
    line('current', report.columns.score, challenger),
  ]
  const end = axisOver(
    [0, ...[...(champion ?? []), ...challenger].flatMap(({ answered, high }) => [answered, high])],
    '',
  )
  const axis = { ...end, high: Math.min(1, end.high), ticks: end.ticks.filter((tick) => tick <= 1) }
  const finding = drawn
    .map(
      ({ label, points }) =>
        `${label}: answers of ${fixed(points.at(-1)![0], 2)} came true in ${percent(points.at(-1)![1])}`,
    )
    .join('; ')
  return figure(
    lineChart(drawn, {
      x: { ...axis, name: 'probability, mean of the group' },
      y: { ...axis, name: 'share that came true' },
      finding,
    }),
    'Reliability: ten groups of rows by probability, and what came true of each, with 95 % intervals. On the dotted line a probability means what it says.',
  )
}

function numbers(report: EvaluationReport, { predicted, residuals }: Extract<Pictures, { kind: 'number' }>): Html {
  const line = (mark: Line['mark'], names: readonly string[], groups: typeof predicted.challenger): Line => ({
    mark,
    label: names.join(', '),
    points: groups.map(({ answered, came }) => [answered, came] as const),
    ranges: groups,
  })
  const drawn = [
    ...(predicted.champion ? [line('reference', report.columns.against, predicted.champion)] : []),
    line('current', report.columns.score, predicted.challenger),
  ]
  const ends = [...(predicted.champion ?? []), ...predicted.challenger].flatMap(({ answered, low, high }) => [
    answered,
    low,
    high,
  ])
  const axis = axisOver(ends, '')
  const [lowest, highest] = [predicted.challenger[0]!, predicted.challenger.at(-1)!]
  const finding = `Where ${quantity(lowest.answered)} is predicted ${quantity(lowest.came)} came, where ${quantity(highest.answered)} is, ${quantity(highest.came)}`
  const off = 'Residuals, actual minus predicted, as shares of the rows'
  return html`<section id="curves" aria-labelledby="h-curves"><h2 id="h-curves">Predicted and actual</h2>
${lineLegend(drawn)}
<div class="charts">${figure(lineChart(drawn, { x: { ...axis, name: 'predicted, mean of the group' }, y: { ...axis, name: 'actual, mean' }, finding }), 'Ten groups of rows by what was predicted, and what came of each, with 95 % intervals.')}
${figure(html`<div class="dist wide">${bars({ reference: residuals.champion ?? residuals.challenger.map(() => 0), current: residuals.challenger }, off)}${rangeAxis(residuals, false)}</div>`, `${off}.`)}</div></section>`
}
