import type { MetricName } from '../policy.ts'
import { rightOfRow } from './accuracy.ts'
import { brierOfRow } from './brier.ts'
import { logLossOfRow } from './log-loss.ts'
import { checkProbabilities } from './outcomes.ts'

/** Metrics that are the mean of one value a row. */
export type MeanMetric = Exclude<MetricName, 'auc' | 'f1'>

/** The value of each row. Their mean is the metric. */
export function rowValues(metric: MeanMetric, y: Float64Array, p: Float64Array, threshold: number): Float64Array {
  checkProbabilities(y, p)
  switch (metric) {
    case 'accuracy':
      return y.map((label, i) => rightOfRow(label, p[i]!, threshold))
    case 'logLoss':
      return y.map((label, i) => logLossOfRow(label, p[i]!))
    case 'brier':
      return y.map((label, i) => brierOfRow(label, p[i]!))
  }
}
