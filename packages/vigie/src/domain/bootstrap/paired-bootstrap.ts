import { type Answers, checkAnswers } from '../metrics/answers.ts'
import { needsProbabilities } from '../metrics/evaluate.ts'
import { statisticOf } from '../metrics/statistic.ts'
import { isLoss, type MetricName } from '../policy.ts'
import { answersOf, type ScoredPair } from '../significance/paired-gain.ts'
import { type BootstrapInterval, type BootstrapOptions, bootstrap, replicatesFor } from './bootstrap.ts'
import { drawnUnits } from './units.ts'

/**
 * The challenger's gain in any metric, up being better, by resampling entities: the same draw for both models. F1 and
 * accuracy are those at each model's threshold. `lower` is what the gate compares with 0. Throws `metric_undefined`.
 */
export function pairedBootstrap(metric: MetricName, pair: ScoredPair, options: BootstrapOptions): BootstrapInterval {
  const units = drawnUnits(pair.entities)
  const [before, after] = (['champion', 'challenger'] as const).map((model) => {
    const answers = answersOf(pair, model)
    checkAnswers(answers, needsProbabilities(metric, answers))
    return statisticOf(metric, answers, units.of, units.count)
  }) as [ReturnType<typeof statisticOf>, ReturnType<typeof statisticOf>]
  const sign = isLoss(metric) ? -1 : 1
  const gain = (counts: Float64Array) => sign * (after(counts) - before(counts))
  const { replicates = replicatesFor(pair.y.length) } = options
  return bootstrap(gain, units.count, { ...options, replicates })
}

/** One metric of one model by the same resamples. */
export function metricBootstrap(
  metric: MetricName,
  answers: Answers,
  entities: Int32Array,
  options: BootstrapOptions,
): BootstrapInterval {
  checkAnswers(answers, needsProbabilities(metric, answers))
  const units = drawnUnits(entities)
  const { replicates = replicatesFor(answers.y.length) } = options
  return bootstrap(statisticOf(metric, answers, units.of, units.count), units.count, { ...options, replicates })
}
