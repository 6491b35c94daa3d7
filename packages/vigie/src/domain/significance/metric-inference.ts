import { oneRowEach } from '../entities.ts'
import { rowValues } from '../metrics/row-values.ts'
import type { MetricName } from '../policy.ts'
import { clusteredMean } from './clustered-mean.ts'
import { aucInference } from './delong.ts'
import type { Inference } from './inference.ts'
import { f1Inference } from './matched-f1.ts'

/**
 * One metric of one model with its clustered standard error, in closed form: DeLong for AUC, the delta method for F1,
 * a mean for the others. Class 1 is `p > threshold`. Throws `metric_undefined`.
 */
export function metricInference(
  metric: MetricName,
  y: Float64Array,
  p: Float64Array,
  threshold: number,
  entities: Int32Array = oneRowEach(y.length),
): Inference {
  if (metric === 'auc') return aucInference(y, p, entities)
  if (metric === 'f1') return f1Inference(y, p, threshold, entities)
  return clusteredMean(rowValues(metric, y, p, threshold), entities)
}
