import type { EvaluatedMetric, MetricInterval } from '../domain/evaluation/metric-intervals.ts'
import type { PairedInterval } from '../domain/evaluation/paired-intervals.ts'
import type { Evaluated, EvaluationReport } from '../report/evaluation/model.ts'
import { titleOf } from '../report/evaluation/titles.ts'
import { mainMetric, verdictOf } from '../report/evaluation/verdict.ts'
import { type Pen, printable } from './marks.ts'
import { count, score, signed } from './output.ts'
import { labelled } from './wrap.ts'

/** What `vigie evaluate` prints for people. */
export function evaluationLines(report: EvaluationReport, pen: Pen, html: string | null): readonly string[] {
  const { file, rows, positives, slices, columns } = report
  const share = positives === null ? '' : `, ${count(positives)} positives (${((100 * positives) / rows).toFixed(1)} %)`
  const verdict = verdictOf(report)
  return [
    `${pen.bold(printable(file))}  ${count(rows)} rows${share}`,
    ...report.taken.flatMap((text) => labelled('  taken  ', printable(text))),
    '',
    ...metricLines(report, columns, pen),
    ...(slices && slices.length > 0 ? ['', ...sliceLines(report, slices)] : []),
    '',
    ...labelled(`${pen.mark(verdict.status)} `, printable(`${verdict.title}. ${verdict.text}`)),
    ...(html === null ? [] : [`  ${html}`]),
  ]
}

function metricLines(report: EvaluationReport, { score: mine, against }: EvaluationReport['columns'], pen: Pen) {
  const names = Object.keys(report.metrics) as EvaluatedMetric[]
  const paired = report.paired
  const head = `${''.padEnd(22)}${cut(mine.join(','), 22).padEnd(23)}`
  const lines = [pen.bold(paired ? `${head}${cut(against.join(','), 6).padStart(6)}  gain` : head.trimEnd())]
  for (const name of names) {
    const metric = report.metrics[name]!
    const gain = paired?.[name as keyof typeof paired] as PairedInterval | undefined
    const other = report.against?.metrics[name]
    const beside = paired ? `${valueText(other).padStart(6)}  ${gainText(gain)}` : ''
    lines.push(`  ${titleOf(name).padEnd(19)} ${intervalText(metric).padEnd(23)}${beside}`.trimEnd())
  }
  return [...lines, ...notes(report)]
}

/** Why what has no value has none. */
function notes({ metrics }: Evaluated): readonly string[] {
  const reasons = new Set(Object.values(metrics).flatMap(({ reason }) => (reason === undefined ? [] : [reason])))
  return [...reasons].flatMap((reason) => labelled('  none   ', printable(reason)))
}

function sliceLines(report: EvaluationReport, slices: NonNullable<EvaluationReport['slices']>): readonly string[] {
  const main = mainMetric(report)
  const width = Math.min(28, Math.max(...slices.map(({ column, value }) => column.length + value.length + 1)))
  return [
    `  ${titleOf(main)} by slice`,
    ...slices.map((slice) => {
      const name = cut(printable(`${slice.column}=${slice.value}`), width).padEnd(width)
      const gain = slice.paired?.[main]
      return `  ${name} ${count(slice.rows).padStart(9)}  ${intervalText(slice.metrics[main]).padEnd(23)}${gain ? gainText(gain) : ''}`.trimEnd()
    }),
  ]
}

function intervalText(metric: MetricInterval | undefined): string {
  if (!metric || metric.value === null) return 'none'
  const range =
    metric.low === null || metric.high === null ? 'no interval' : `[${digits(metric.low)}, ${digits(metric.high)}]`
  return `${digits(metric.value)} ${range}`
}

const valueText = (metric: MetricInterval | undefined): string =>
  !metric || metric.value === null ? 'none' : digits(metric.value)

function gainText(gain: PairedInterval | undefined): string {
  if (!gain || gain.gain === null) return ''
  const range = gain.low === null || gain.high === null ? '' : ` [${plus(gain.low)}, ${plus(gain.high)}]`
  return `${plus(gain.gain)}${range}`
}

/** Three decimals below 10, and about three digits above. */
const digits = (x: number): string => score(x, decimals(x))
const plus = (x: number): string => signed(x, decimals(x))
const decimals = (x: number): number => (Math.abs(x) < 10 ? 3 : Math.abs(x) < 1000 ? 1 : 0)

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text)
