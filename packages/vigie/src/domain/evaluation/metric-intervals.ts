import { hasCode } from '../../errors.ts'
import { replicatesFor } from '../bootstrap/bootstrap.ts'
import { type Resampled, resampled } from '../bootstrap/resampled.ts'
import type { BootstrapSeed } from '../bootstrap/seed.ts'
import type { Answers } from '../metrics/answers.ts'
import { computeMetric, needsProbabilities } from '../metrics/evaluate.ts'
import { isLoss, type MetricName, metricsFor } from '../policy.ts'
import { interval } from '../significance/inference.ts'
import { hasClosedForm, metricInference } from '../significance/metric-inference.ts'

/** A metric with its two-sided 95 % interval. What has no value, or no interval, is null and says why. */
export interface MetricInterval {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly method: string
  readonly reason?: string
}

export type EvaluatedMetric = MetricName | 'liftAtTenth' | 'gainAtTenth'
export type MetricIntervals = { readonly [M in EvaluatedMetric]?: MetricInterval }

/** Above so many rows fewer resamples: the standard error is known to a twentieth all the same. */
const VERY_MANY = 300_000

/** How many resamples an evaluation takes. */
export function evaluationReplicates(rows: number): number {
  return rows > VERY_MANY ? 200 : replicatesFor(rows)
}

/** The same resamples for every file: nothing about them can be chosen. */
export const EVALUATION_SEED: BootstrapSeed = { seed: 0x7669_6769, stream: 0x6576_616c }

/**
 * Every metric that these answers can have. Intervals are DeLong's, of the delta method, or of the entity bootstrap, as
 * `hasClosedForm` says; they end where the metric ends.
 */
export function metricIntervals(answers: Answers, entities: Int32Array, skipped: Skipped = {}): MetricIntervals {
  const intervals: { [M in EvaluatedMetric]?: MetricInterval } = {}
  const names = metricsFor(answers)
  for (const name of names) {
    const reason = skipped[name]
    if (reason !== undefined) intervals[name] = without(reason)
    else if (hasClosedForm(name, answers)) intervals[name] = closedForm(name, answers, entities)
  }
  const left: readonly Resampled[] = [
    ...names.filter((name) => intervals[name] === undefined),
    ...(answers.kind === 'binary' ? (['gainAtTenth'] as const) : []),
  ]
  Object.assign(intervals, bootstrapped(left, answers, entities))
  const { gainAtTenth: gain } = intervals
  if (gain) intervals.liftAtTenth = { ...gain, value: times(gain.value), low: times(gain.low), high: times(gain.high) }
  const ordered = [...names, 'liftAtTenth', 'gainAtTenth'] as const
  return Object.fromEntries(ordered.flatMap((name) => (intervals[name] ? [[name, intervals[name]]] : [])))
}

/** Metrics that are not computed, and why. */
export type Skipped = { readonly [M in MetricName]?: string }

/** Scores outside 0 to 1 are no probabilities: only their order counts, unless a threshold was named for them. */
export function skippedForScale(answers: Answers, thresholdGiven: boolean): Skipped {
  const { kind, scores } = answers
  if (kind !== 'binary' || scores.every((score) => score >= 0 && score <= 1)) return {}
  const reason = 'the scores are not all between 0 and 1, so they are no probabilities'
  const needing = metricsFor(answers).filter((name) => needsProbabilities(name, answers))
  const atThreshold = thresholdGiven ? [] : (['f1', 'accuracy'] as const)
  return Object.fromEntries([
    ...needing.map((name) => [name, reason]),
    ...atThreshold.map((name) => [name, `${reason}; --threshold says above which score a row is of class 1`]),
  ])
}

function closedForm(name: MetricName, answers: Answers, entities: Int32Array): MetricInterval {
  const method = name === 'auc' ? 'DeLong, clustered by entity, t' : 'delta method, clustered by entity, t'
  try {
    const inference = metricInference(name, answers, entities)
    return { value: inference.estimate, ...withinRange(name, interval(inference)), method }
  } catch (error) {
    return valueAlone(name, answers, reasonOf(error))
  }
}

function bootstrapped(names: readonly Resampled[], answers: Answers, entities: Int32Array): MetricIntervals {
  if (names.length === 0) return {}
  const options = { seed: EVALUATION_SEED, replicates: evaluationReplicates(entities.length) }
  try {
    const found = resampled(names, [answers], entities, options)
    return Object.fromEntries(
      names.map((name, i) => {
        const { estimate: value, method } = found[i]!
        return [name, { value, ...withinRange(name, found[i]!), method }]
      }),
    )
  } catch (error) {
    const reason = reasonOf(error)
    return Object.fromEntries(
      names.map((name) => [name, name === 'gainAtTenth' ? without(reason) : valueAlone(name, answers, reason)]),
    )
  }
}

/** Too few entities for an interval can still have a value. */
function valueAlone(name: MetricName, answers: Answers, reason: string): MetricInterval {
  try {
    return { ...without(reason), value: computeMetric(name, answers) }
  } catch (error) {
    return without(reasonOf(error))
  }
}

function without(reason: string): MetricInterval {
  return { value: null, low: null, high: null, method: 'none', reason }
}

/** Why there is no number; everything but `metric_undefined` is a fault and goes on. */
export function reasonOf(error: unknown): string {
  if (!hasCode(error, 'metric_undefined')) throw error
  return `${error.details.rule}: ${error.details.value}`
}

function withinRange(name: Resampled, { low, high }: { readonly low: number; readonly high: number }) {
  const least = name === 'r2' ? Number.NEGATIVE_INFINITY : 0
  const most = name !== 'gainAtTenth' && name !== 'ece' && isLoss(name) ? Number.POSITIVE_INFINITY : 1
  return { low: Math.max(low, least), high: Math.min(high, most) }
}

const times = (gain: number | null): number | null => (gain === null ? null : gain * 10)
