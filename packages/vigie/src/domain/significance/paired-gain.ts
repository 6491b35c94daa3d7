import { rowValues } from '../metrics/row-values.ts'
import { isLoss, type MetricName } from '../policy.ts'
import { clusteredMean } from './clustered-mean.ts'
import { pairedDeLong } from './delong.ts'
import type { Inference } from './inference.ts'
import { matchedF1 } from './matched-f1.ts'

/** Two models on the same rows. */
export interface ScoredPair {
  /** 0 or 1 a row. */
  readonly y: Float64Array
  /** Number of each row's entity, from 0. */
  readonly entities: Int32Array
  readonly champion: Float64Array
  readonly challenger: Float64Array
  /** Class 1 when the probability is above it. */
  readonly thresholds: { readonly champion: number; readonly challenger: number }
  /** How many rows each model flags when F1 is compared. */
  readonly flagged: number
}

export interface PairedGain extends Inference {
  /** How the standard error was made. */
  readonly method: string
}

/** The challenger's gain in one metric, in closed form: up is better, also where the metric is a loss. */
export function pairedGain(metric: MetricName, pair: ScoredPair): PairedGain {
  const { y, entities, champion, challenger, thresholds, flagged } = pair
  if (metric === 'auc') {
    const { gain: estimate, se, df } = pairedDeLong(y, champion, challenger, entities)
    return { estimate, se, df, method: 'paired DeLong, clustered by entity, t' }
  }
  if (metric === 'f1') {
    const { gain } = matchedF1(y, champion, challenger, flagged, entities)
    return { ...gain, method: `F1 of the ${flagged} highest scores, delta method, clustered by entity, t` }
  }
  const before = rowValues(metric, y, champion, thresholds.champion)
  const after = rowValues(metric, y, challenger, thresholds.challenger)
  const sign = isLoss(metric) ? -1 : 1
  const gains = after.map((value, i) => sign * (value - before[i]!))
  return { ...clusteredMean(gains, entities), method: 'paired mean, clustered by entity, t' }
}
