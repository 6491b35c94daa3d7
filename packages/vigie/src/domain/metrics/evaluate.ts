import type { MetricName } from '../policy.ts'
import { accuracy } from './accuracy.ts'
import { auc } from './auc.ts'
import { brier } from './brier.ts'
import { f1 } from './f1.ts'
import { logLoss } from './log-loss.ts'

/** Metrics that were computed, by name. One that is not there was not asked for. */
export type Metrics = Readonly<Partial<Record<MetricName, number>>>

/** One metric of scores `p` for labels `y` (0 or 1); class 1 is `p > threshold`. Throws `metric_undefined`. */
export function computeMetric(name: MetricName, y: Float64Array, p: Float64Array, threshold: number): number {
  switch (name) {
    case 'auc':
      return auc(y, p)
    case 'f1':
      return f1(y, p, threshold)
    case 'accuracy':
      return accuracy(y, p, threshold)
    case 'logLoss':
      return logLoss(y, p)
    case 'brier':
      return brier(y, p)
  }
}

/** The named metrics of the same rows. */
export function evaluate(y: Float64Array, p: Float64Array, threshold: number, names: readonly MetricName[]): Metrics {
  const metrics: Partial<Record<MetricName, number>> = {}
  for (const name of names) metrics[name] = computeMetric(name, y, p, threshold)
  return metrics
}
