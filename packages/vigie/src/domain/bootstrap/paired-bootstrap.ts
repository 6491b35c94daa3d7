import { type Answers, checkAnswers } from '../metrics/answers.ts'
import { defined, needsProbabilities } from '../metrics/evaluate.ts'
import { type Statistic, statisticOf } from '../metrics/statistic.ts'
import { isLoss, type MetricName } from '../policy.ts'
import { answersOf, type ScoredPair } from '../significance/paired-gain.ts'
import { type BootstrapInterval, type BootstrapOptions, bootstrapAll, replicatesFor } from './bootstrap.ts'
import { drawnUnits } from './units.ts'

/**
 * The challenger's gain in any metric, up being better, by resampling entities: the same draw for both models. F1 and
 * accuracy are those at each model's threshold. `lower` is what the gate compares with 0. Throws `metric_undefined`.
 */
export function pairedBootstrap(metric: MetricName, pair: ScoredPair, options: BootstrapOptions): BootstrapInterval {
  const models = [answersOf(pair, 'champion'), answersOf(pair, 'challenger')] as const
  return resampled(metric, models, pair.entities, options)
}

/** One metric of one model by the same resamples. */
export function metricBootstrap(
  metric: MetricName,
  answers: Answers,
  entities: Int32Array,
  options: BootstrapOptions,
): BootstrapInterval {
  return resampled(metric, [answers], entities, options)
}

/** The metric of one model, or the second's gain on the first. */
function resampled(
  metric: MetricName,
  models: readonly [Answers] | readonly [Answers, Answers],
  entities: Int32Array,
  options: BootstrapOptions,
): BootstrapInterval {
  const { replicates = replicatesFor(entities.length) } = options
  const units = drawnUnits(entities)
  for (const answers of models) checkAnswers(answers, needsProbabilities(metric, answers))
  const statistics = models.map((answers) => statisticOf(metric, answers, units.of, units.count, units.thresholds))
  const exact = models.map((answers, i) => {
    const whole = units.thresholds === undefined ? statistics[i]! : statisticOf(metric, answers, units.of, units.count)
    return defined(metric, answers, whole(new Float64Array(units.count).fill(1)))
  })
  const sign = isLoss(metric) ? -1 : 1
  const gain = (values: readonly number[]) => (values.length === 1 ? values[0]! : sign * (values[1]! - values[0]!))
  const all = (counts: Float64Array) => [gain(statistics.map((statistic: Statistic) => statistic(counts)))]
  return bootstrapAll(all, units.count, { ...options, replicates }, [gain(exact)])[0]!
}
