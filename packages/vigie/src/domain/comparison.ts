import { hasCode } from '../errors.ts'
import { entityNumbers } from './entities.ts'
import { evaluate, type Metrics } from './metrics/evaluate.ts'
import { isLoss, METRICS, type MetricName, type PromotionPolicy } from './policy.ts'
import type { Evidence, GuardEvidence, Sample } from './promotion/evidence.ts'
import { aucInference } from './significance/delong.ts'
import { type Interval, interval, lowerBound } from './significance/inference.ts'
import { type PairedGain, pairedGain, type ScoredPair } from './significance/paired-gain.ts'

/** One-sided level of the bound that a first model's AUC must hold against the floor. */
const FLOOR_ALPHA = 0.05

/** All that the gate's evidence needs of the scores. */
export interface ModelComparison {
  readonly metrics: { readonly champion: Metrics | null; readonly challenger: Metrics }
  /** In the policy's metric, with its two-sided 95 % interval. Null for a first model, and when the rows allow none. */
  readonly gain: (PairedGain & Interval) | null
  /** What the policy's guards on metrics read. Empty for a first model. */
  readonly guards: Evidence['guards']
  /** For a first model: the lower bound of its AUC. */
  readonly floorLower: number | null
}

/**
 * Compares two models on the same rows. The probabilities are of class 1, in the order of `y` and `keys`; `champion` is
 * null for a first model. F1 is compared when both flag as many rows as the challenger's training base rate expects.
 * Throws `metric_undefined` when a named metric has no value on these rows: check the sample before.
 */
export function compareModels(request: {
  readonly y: Float64Array
  readonly keys: readonly string[]
  readonly champion: Float64Array | null
  readonly challenger: Float64Array
  readonly thresholds: { readonly champion: number | null; readonly challenger: number }
  readonly policy: PromotionPolicy
  readonly trainingBaseRate: number
  readonly metricNames: readonly MetricName[]
}): ModelComparison {
  const { y, champion, challenger, thresholds, policy, metricNames } = request
  const entities = entityNumbers(request.keys)
  const ofChallenger = evaluate(
    { kind: 'binary', y, scores: challenger, threshold: thresholds.challenger },
    metricNames,
  )
  if (champion === null || thresholds.champion === null) {
    const floorLower = orNull(() => lowerBound(aucInference(y, challenger, entities), FLOOR_ALPHA))
    return { metrics: { champion: null, challenger: ofChallenger }, gain: null, guards: {}, floorLower }
  }
  const pair: ScoredPair = {
    kind: 'binary',
    y,
    entities,
    champion,
    challenger,
    thresholds: { champion: thresholds.champion, challenger: thresholds.challenger },
    flagged: Math.max(1, Math.round(request.trainingBaseRate * y.length)),
  }
  const gain = orNull(() => pairedGain(policy.metric, pair))
  return {
    metrics: {
      champion: evaluate({ kind: 'binary', y, scores: champion, threshold: thresholds.champion }, metricNames),
      challenger: ofChallenger,
    },
    gain: gain && { ...gain, ...interval(gain) },
    guards: guardEvidence(policy, pair),
    floorLower: null,
  }
}

/** What the rows are, which is known without a score. */
export function countSample(y: Float64Array, keys: readonly string[]): Omit<Sample, 'maturedShare'> {
  let positives = 0
  for (const label of y) positives += label
  return { positives, negatives: y.length - positives, entities: new Set(keys).size }
}

function guardEvidence(policy: PromotionPolicy, pair: ScoredPair): Evidence['guards'] {
  const evidence: { [M in MetricName]?: GuardEvidence } = {}
  for (const metric of METRICS) {
    if (policy.guards[metric] === undefined) continue
    const gain = orNull(() => pairedGain(metric, pair))
    if (gain === null) continue
    const worse = -gain.estimate
    evidence[metric] = isLoss(metric) ? { rise: worse, se: gain.se } : { drop: worse, se: gain.se }
  }
  return evidence
}

/** What the rows allow no inference for is left out, and the gate holds because it is not there. */
function orNull<T>(compute: () => T): T | null {
  try {
    return compute()
  } catch (error) {
    if (hasCode(error, 'metric_undefined')) return null
    throw error
  }
}
