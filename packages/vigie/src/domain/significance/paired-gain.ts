import { type Answers, checkAnswers } from '../metrics/answers.ts'
import { computeMetric, needsProbabilities } from '../metrics/evaluate.ts'
import { additiveMetric } from '../metrics/statistic.ts'
import { isLoss, type MetricName, type TargetKind } from '../policy.ts'
import { pairedDeLong } from './delong.ts'
import { pairedDelta } from './delta.ts'
import type { Inference } from './inference.ts'
import { matchedF1 } from './matched-f1.ts'

/** Two models on the same rows. */
export interface ScoredPair {
  readonly kind: TargetKind
  /** 0 or 1 a row, the index of its class, or the number. */
  readonly y: Float64Array
  /** Number of each row's entity, from 0. */
  readonly entities: Int32Array
  /** Row-major, as in `Answers`. */
  readonly champion: Float64Array
  readonly challenger: Float64Array
  readonly weights?: Float64Array | null
  /** Binary: class 1 when the probability is above it. */
  readonly thresholds: { readonly champion: number; readonly challenger: number }
  /** Binary: how many rows each model flags when F1 is compared; null compares at the thresholds. */
  readonly flagged: number | null
}

export interface PairedGain extends Inference {
  /** How the standard error was made. */
  readonly method: string
}

/** What each of the two answered. */
export function answersOf(pair: ScoredPair, model: 'champion' | 'challenger'): Answers {
  const { kind, y, weights = null } = pair
  return { kind, y, scores: pair[model], weights, threshold: pair.thresholds[model] }
}

/**
 * The challenger's gain in one metric, in closed form: up is better, also where the metric is a loss. Only for metrics
 * that have one (`hasClosedForm`); the others go through `pairedBootstrap`.
 */
export function pairedGain(metric: MetricName, pair: ScoredPair): PairedGain {
  const { kind, y, entities, champion, challenger, flagged } = pair
  if (metric === 'auc') {
    const { gain: estimate, se, df } = pairedDeLong(y, champion, challenger, entities)
    return { estimate, se, df, method: 'paired DeLong, clustered by entity, t' }
  }
  if (metric === 'f1' && kind === 'binary' && flagged !== null) {
    const { gain } = matchedF1(y, champion, challenger, flagged, entities)
    return { ...gain, method: `F1 of the ${flagged} highest scores, delta method, clustered by entity, t` }
  }
  const [before, after] = [answersOf(pair, 'champion'), answersOf(pair, 'challenger')]
  for (const answers of [before, after]) {
    checkAnswers(answers, needsProbabilities(metric, answers))
    computeMetric(metric, answers) // throws where it has no value
  }
  const ofModel = (answers: Answers) => ({ metric: additiveMetric(metric, answers)!, answers })
  // From the worse end to the better one: a loss is a gain when it falls.
  const [from, to] = isLoss(metric) ? [after, before] : [before, after]
  return { ...pairedDelta(ofModel(from), ofModel(to), entities), method: methodOf(metric) }
}

function methodOf(metric: MetricName): string {
  const isMean = metric === 'accuracy' || metric === 'logLoss' || metric === 'brier' || metric === 'mae'
  return `${isMean ? 'paired mean' : 'paired delta method'}, clustered by entity, t`
}
