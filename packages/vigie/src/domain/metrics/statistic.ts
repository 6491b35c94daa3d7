import type { MetricName } from '../policy.ts'
import { rightOfRow } from './accuracy.ts'
import { type Additive, groupSums, meanOf, totalsOf } from './additive.ts'
import { type Answers, likeliest, widthOf } from './answers.ts'
import { areaUnderCurve } from './auc.ts'
import { averagePrecision } from './average-precision.ts'
import { brierOfClasses, brierOfRow } from './brier.ts'
import { calibrationError } from './ece.ts'
import { binaryF1, macroF1 } from './f1.ts'
import { ks } from './ks.ts'
import { gainAt } from './lift.ts'
import { logLossOfRow } from './log-loss.ts'
import { type Curve, type CurveMetric, emptyCurve, fillCurve, rankingOf } from './ranking.ts'
import { explainedVariance, rootMeanSquaredError } from './squared-error.ts'

/** A metric of fixed rows as a function of how often each unit of them counts. NaN where it has no value. */
export type Statistic = (counts: Float64Array) => number

/** The metric as a function of sums over rows; null for those that need the order of the scores. */
export function additiveMetric(metric: MetricName, answers: Answers): Additive | null {
  const { kind, y, scores, threshold = 0.5 } = answers
  const classes = widthOf(answers)
  const several = kind === 'classes'
  switch (metric) {
    case 'auc':
    case 'averagePrecision':
    case 'ks':
      return null
    case 'f1':
      return several ? macroF1(answers) : binaryF1(answers)
    case 'accuracy':
      return several
        ? meanOf((row) => (likeliest(scores, row, classes) === y[row] ? 1 : 0))
        : meanOf((row) => rightOfRow(y[row]!, scores[row]!, threshold))
    case 'logLoss':
      return several
        ? meanOf((row) => logLossOfRow(1, scores[row * classes + y[row]!]!))
        : meanOf((row) => logLossOfRow(y[row]!, scores[row]!))
    case 'brier':
      return several
        ? meanOf((row) => brierOfClasses(y[row]!, scores, row, classes))
        : meanOf((row) => brierOfRow(y[row]!, scores[row]!))
    case 'ece':
      return calibrationError(answers)
    case 'rmse':
      return rootMeanSquaredError(answers)
    case 'mae':
      return meanOf((row) => Math.abs(scores[row]! - y[row]!))
    case 'r2':
      return explainedVariance(answers)
  }
}

/**
 * Prepares a metric for many resamples. `units` numbers the unit of each row from 0 to `count - 1`. A metric of the order
 * keeps at most `thresholds` thresholds.
 */
export function statisticOf(
  metric: MetricName,
  answers: Answers,
  units: Int32Array,
  count: number,
  thresholds?: number,
): Statistic {
  const additive = additiveMetric(metric, answers)
  if (additive === null) return curveStatistic(OF_CURVE[metric as keyof typeof OF_CURVE], answers, units, thresholds)
  const sums = groupSums(additive, answers, units, count)
  return (counts) => additive.value(totalsOf(sums, additive.width, counts))
}

/** Metrics of the order of the scores. */
export const OF_CURVE = {
  auc: areaUnderCurve,
  averagePrecision,
  ks,
  gainAtTenth: (curve: Curve) => gainAt(curve, 0.1),
} as const

/** One metric of the order: see `curveStatistics`. */
export function curveStatistic(
  metric: CurveMetric,
  answers: Answers,
  units: Int32Array,
  thresholds?: number,
): Statistic {
  const statistics = curveStatistics([metric], answers, units, thresholds)
  return (counts) => statistics(counts)[0]!
}

/**
 * Metrics of the order by one pass over the rows. Of class 1; with several classes the mean of each class against the
 * others, and no value when one is absent.
 */
export function curveStatistics(
  metrics: readonly CurveMetric[],
  answers: Answers,
  units: Int32Array,
  thresholds?: number,
): (counts: Float64Array) => readonly number[] {
  const { kind, y, scores, weights } = answers
  const classes = kind === 'classes' ? widthOf(answers) : 1
  const prepared = Array.from({ length: classes }, (_, k) => {
    const ofClass = kind === 'classes' ? y.map((_, row) => scores[row * classes + k]!) : scores
    const label = kind === 'classes' ? k : 1
    const ranking = rankingOf(ofClass, (row) => y[row] === label, weights, units, thresholds)
    return { ranking, curve: emptyCurve(ranking) }
  })
  return (counts) => {
    const sums = new Array<number>(metrics.length).fill(0)
    for (const { ranking, curve } of prepared) {
      fillCurve(ranking, counts, curve)
      for (const [i, metric] of metrics.entries()) sums[i]! += metric(curve) / classes
    }
    return sums
  }
}
