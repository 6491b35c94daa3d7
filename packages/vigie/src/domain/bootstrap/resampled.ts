import { type Answers, checkAnswers } from '../metrics/answers.ts'
import { defined, needsProbabilities } from '../metrics/evaluate.ts'
import { curveStatistics, OF_CURVE, statisticOf } from '../metrics/statistic.ts'
import { isLoss, type MetricName } from '../policy.ts'
import { type BootstrapInterval, type BootstrapOptions, bootstrapAll, replicatesFor } from './bootstrap.ts'
import type { Statistics } from './replicates.ts'
import { drawnUnits, type Units } from './units.ts'

/** What can be resampled: every metric, and the share of all positives in the tenth with the highest scores. */
export type Resampled = MetricName | 'gainAtTenth'

/**
 * Intervals of several metrics of one model, or of the second's gain on the first (up is better), from the same resamples
 * of entities: a ranking is passed once for all of them. In the order of the names. Throws `metric_undefined`.
 */
export function resampled(
  names: readonly Resampled[],
  models: readonly [Answers] | readonly [Answers, Answers],
  entities: Int32Array,
  options: BootstrapOptions,
): readonly BootstrapInterval[] {
  const { replicates = replicatesFor(entities.length) } = options
  const units = drawnUnits(entities)
  for (const answers of models) for (const name of names) checkAnswers(answers, needed(name, answers))
  const statistics = models.map((answers) => statisticsOf(names, answers, units))
  const ones = new Float64Array(units.count).fill(1)
  const exact = models.map((answers, i) => {
    const whole = units.thresholds === undefined ? statistics[i]! : statisticsOf(names, answers, wholeOf(units))
    return whole(ones).map((value, k) => (isMetric(names[k]!) ? defined(names[k], answers, value) : value))
  })
  const gain = (values: readonly (readonly number[])[]) =>
    names.map((name, k) => {
      if (values.length === 1) return values[0]![k]!
      const [before, after] = [values[0]![k]!, values[1]![k]!]
      return isMetric(name) && isLoss(name) ? before - after : after - before
    })
  const all: Statistics = (counts) => gain(statistics.map((statistic) => statistic(counts)))
  return bootstrapAll(all, units.count, { ...options, replicates }, gain(exact))
}

/** Every statistic of one model, those of the order by one pass. */
function statisticsOf(names: readonly Resampled[], answers: Answers, units: Units): Statistics {
  const ranked = names.filter((name): name is keyof typeof OF_CURVE => Object.hasOwn(OF_CURVE, name))
  const ofOrder =
    ranked.length === 0
      ? () => []
      : curveStatistics(
          ranked.map((name) => OF_CURVE[name]),
          answers,
          units.of,
          units.thresholds,
        )
  const others = names
    .filter((name): name is MetricName => !Object.hasOwn(OF_CURVE, name))
    .map((name) => ({ name, statistic: statisticOf(name, answers, units.of, units.count) }))
  return (counts) => {
    const values = new Map<Resampled, number>()
    const order = ofOrder(counts)
    for (const [i, name] of ranked.entries()) values.set(name, order[i]!)
    for (const { name, statistic } of others) values.set(name, statistic(counts))
    return names.map((name) => values.get(name)!)
  }
}

const isMetric = (name: Resampled): name is MetricName => name !== 'gainAtTenth'
const needed = (name: Resampled, answers: Answers): boolean => isMetric(name) && needsProbabilities(name, answers)
const wholeOf = ({ of, count }: Units): Units => ({ of, count })
