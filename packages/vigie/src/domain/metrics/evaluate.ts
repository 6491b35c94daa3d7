import { type MetricName, metricsFor } from '../policy.ts'
import { type Answers, checkAnswers, widthOf } from './answers.ts'
import { undefinedMetric } from './outcomes.ts'
import { statisticOf } from './statistic.ts'

/** Metrics that were computed, by name. One that is not there was not asked for. */
export type Metrics = Readonly<Partial<Record<MetricName, number>>>

/** Metrics of binary scores that need not be probabilities. */
const OF_ANY_SCALE: ReadonlySet<MetricName> = new Set(['auc', 'averagePrecision', 'ks', 'f1', 'accuracy'])

/** True when the metric reads scores as probabilities. */
export function needsProbabilities(metric: MetricName, { kind }: Pick<Answers, 'kind'>): boolean {
  return kind === 'classes' || (kind === 'binary' && !OF_ANY_SCALE.has(metric))
}

/** One metric. Throws `metric_undefined` when these rows give it no value. */
export function computeMetric(name: MetricName, answers: Answers): number {
  checkAnswers(answers, needsProbabilities(name, answers))
  if (!metricsFor(answers).includes(name)) undefinedMetric(name, ruleOf(name, answers), rowsOf(answers))
  const groups = new Int32Array(answers.y.length)
  return defined(name, answers, statisticOf(name, answers, groups, 1)(Float64Array.of(1)))
}

/** The value, unless it is NaN. */
export function defined(name: MetricName, answers: Answers, value: number): number {
  if (Number.isNaN(value)) undefinedMetric(name, ruleOf(name, answers), rowsOf(answers))
  return value
}

/** The named metrics of the same rows. */
export function evaluate(answers: Answers, names: readonly MetricName[]): Metrics {
  const metrics: Partial<Record<MetricName, number>> = {}
  for (const name of names) metrics[name] = computeMetric(name, answers)
  return metrics
}

function ruleOf(name: MetricName, { kind }: Answers): string {
  if (!metricsFor({ kind }).includes(name))
    return `${name} is no metric of ${kind === 'number' ? 'a number' : 'classes'}`
  if (name === 'auc') return kind === 'classes' ? 'AUC needs rows of every class' : 'AUC needs rows of both classes'
  if (name === 'ks') return 'KS needs rows of both classes'
  if (name === 'averagePrecision') return 'average precision needs a positive row'
  if (name === 'f1') return 'F1 needs a positive row or a flagged one'
  return name === 'r2' ? 'R2 needs labels that vary' : `${name} needs a row with weight`
}

function rowsOf(answers: Answers): string {
  const { kind, y } = answers
  if (kind === 'number') return `${y.length} rows`
  const counts = new Array<number>(kind === 'binary' ? 2 : widthOf(answers)).fill(0)
  for (const label of y) counts[label]!++
  if (kind === 'binary') return `${counts[1]} positives, ${counts[0]} negatives`
  return `${counts.join(', ')} rows of the classes`
}
