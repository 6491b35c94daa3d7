import type { Answers } from '../metrics/answers.ts'
import type { MetricName } from '../policy.ts'
import { answersOf, type ScoredPair } from '../significance/paired-gain.ts'
import type { BootstrapInterval, BootstrapOptions } from './bootstrap.ts'
import { resampled } from './resampled.ts'

/**
 * The challenger's gain in any metric, up being better, by resampling entities: the same draw for both models. F1 and
 * accuracy are those at each model's threshold. `lower` is what the gate compares with 0. Throws `metric_undefined`.
 */
export function pairedBootstrap(metric: MetricName, pair: ScoredPair, options: BootstrapOptions): BootstrapInterval {
  return resampled([metric], [answersOf(pair, 'champion'), answersOf(pair, 'challenger')], pair.entities, options)[0]!
}

/** One metric of one model by the same resamples. */
export function metricBootstrap(
  metric: MetricName,
  answers: Answers,
  entities: Int32Array,
  options: BootstrapOptions,
): BootstrapInterval {
  return resampled([metric], [answers], entities, options)[0]!
}
