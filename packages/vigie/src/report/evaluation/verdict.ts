import type { MetricInterval } from '../../domain/evaluation/metric-intervals.ts'
import { isLoss, type MetricName } from '../../domain/policy.ts'
import { fixed, quantity, score, signed } from '../numbers.ts'
import type { Status } from '../status.ts'
import type { EvaluationReport } from './model.ts'
import { titleOf } from './titles.ts'

export interface Verdict {
  readonly status: Status
  /** A sentence without its full stop. */
  readonly title: string
  readonly text: string
}

/** The metric that the verdict speaks of. */
export function mainMetric({ task }: Pick<EvaluationReport, 'task'>): MetricName {
  return task === 'binary' ? 'auc' : task === 'classes' ? 'logLoss' : 'rmse'
}

/** What the numbers say, in a sentence that claims no more than the interval shows. */
export function verdictOf(report: EvaluationReport): Verdict {
  return report.paired ? comparison(report) : alone(report)
}

function comparison(report: EvaluationReport): Verdict {
  const { columns, paired, metrics, against } = report
  const metric = mainMetric(report)
  const [mine, other] = [nameOf(columns.score, 'the first'), nameOf(columns.against, 'the other')]
  const gain = paired?.[metric]
  if (!gain || gain.gain === null || gain.low === null || gain.high === null) {
    return {
      status: 'none',
      title: titled(columns.score, `${mine} and ${other} cannot be told apart`),
      text: gain?.reason ?? '',
    }
  }
  const values = `${titleOf(metric)} ${shown(against?.metrics[metric])} of ${other}, ${shown(metrics[metric])} of ${mine}`
  const p = gain.p === null ? '' : `, p ${score(gain.p)}`
  const text = `${values}: gain ${signed(gain.gain)} [${signed(gain.low)}, ${signed(gain.high)}], 95 %${p}.`
  if (gain.low > 0) return { status: 'ok', title: titled(columns.score, `${mine} is better than ${other}`), text }
  if (gain.high < 0) return { status: 'act', title: titled(columns.score, `${mine} is worse than ${other}`), text }
  return { status: 'watch', title: `No difference between ${mine} and ${other} is shown`, text }
}

function alone(report: EvaluationReport): Verdict {
  const metric = mainMetric(report)
  const { columns, metrics } = report
  const found = metrics[metric]
  const mine = nameOf(columns.score, 'the model')
  if (!found || found.value === null || found.low === null || found.high === null) {
    return { status: 'none', title: `${titleOf(metric)} of ${mine} cannot be told`, text: found?.reason ?? '' }
  }
  const range = `95 % interval ${shownNumber(found.low)} to ${shownNumber(found.high)}; ${isLoss(metric) ? 'down' : 'up'} is good.`
  if (metric !== 'auc')
    return { status: 'ok', title: `${titleOf(metric)} of ${mine} is ${shown(found)}`, text: capital(range) }
  const text = `${titleOf(metric)} ${shown(found)}, ${range}`
  if (found.high < 0.5) return { status: 'act', title: `${mine} ranks backwards`, text }
  if (found.low <= 0.5) return { status: 'act', title: `${mine} is not shown to rank better than chance`, text }
  return { status: 'ok', title: `${mine} ranks better than chance`, text }
}

/** Several columns are one model. */
const nameOf = (columns: readonly string[], several: string): string => (columns.length === 1 ? columns[0]! : several)

/** A column keeps its letters as typed. */
const titled = (columns: readonly string[], text: string): string => (columns.length === 1 ? text : capital(text))

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const shown = (metric: MetricInterval | undefined): string =>
  !metric || metric.value === null ? 'none' : shownNumber(metric.value)

const shownNumber = (value: number): string => (Math.abs(value) < 10 ? fixed(value) : quantity(value))
