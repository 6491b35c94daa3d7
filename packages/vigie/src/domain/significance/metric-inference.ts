import { oneRowEach } from '../entities.ts'
import { type Answers, checkAnswers } from '../metrics/answers.ts'
import { computeMetric, needsProbabilities } from '../metrics/evaluate.ts'
import { additiveMetric } from '../metrics/statistic.ts'
import type { MetricName } from '../policy.ts'
import { aucInference } from './delong.ts'
import { deltaInference } from './delta.ts'
import type { Inference } from './inference.ts'

/**
 * True when the standard error of the metric is a formula: DeLong's for the AUC of two classes without weights, the delta
 * method for means, F1, RMSE and R2. The others are resampled: see `bootstrap/`.
 */
export function hasClosedForm(metric: MetricName, { kind, weights }: Pick<Answers, 'kind' | 'weights'>): boolean {
  if (metric === 'auc') return kind === 'binary' && !weights
  return metric !== 'averagePrecision' && metric !== 'ks' && metric !== 'ece'
}

/** One metric of one model with its clustered standard error in closed form. Throws `metric_undefined`. */
export function metricInference(
  metric: MetricName,
  answers: Answers,
  entities: Int32Array = oneRowEach(answers.y.length),
): Inference {
  const { y, scores } = answers
  if (metric === 'auc') return aucInference(y, scores, entities)
  checkAnswers(answers, needsProbabilities(metric, answers))
  computeMetric(metric, answers) // throws where it has no value
  return deltaInference(additiveMetric(metric, answers)!, answers, entities)
}
