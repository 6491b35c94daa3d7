import { hasCode } from '../errors.ts'
import { metricBootstrap, pairedBootstrap } from './bootstrap/paired-bootstrap.ts'
import { type BootstrapSeed, comparisonSeed } from './bootstrap/seed.ts'
import type { FeatureSpec } from './feature-spec.ts'
import type { Answers } from './metrics/answers.ts'
import { evaluate, type Metrics } from './metrics/evaluate.ts'
import { isLoss, METRICS, type MetricName, type PromotionPolicy, type TargetKind } from './policy.ts'
import type { Evidence, Gain, GuardEvidence } from './promotion/evidence.ts'
import { aucInference } from './significance/delong.ts'
import { type Interval, interval, lowerBound } from './significance/inference.ts'
import { hasClosedForm, metricInference } from './significance/metric-inference.ts'
import { answersOf, pairedGain, type ScoredPair } from './significance/paired-gain.ts'
import { type TestedSlices, testSlices } from './slices/test-slices.ts'

/** One-sided level of the bound that a first model must hold against the floor, and of a guard's. */
const ONE_SIDED = 0.05

/** Rows that both models scored, with all that their comparison is computed from. Names nobody. */
export interface ScoredRows {
  readonly kind: TargetKind
  /** 0 or 1 a row, the index of its class, or the number. */
  readonly y: Float64Array
  /** Number of each row's entity, from 0. */
  readonly entities: Int32Array
  /** Each row's half: see `slices/half.ts`. */
  readonly halves: Uint8Array
  /** As many numbers a row as the target has outputs; null for a first model. */
  readonly champion: Float64Array | null
  readonly challenger: Float64Array
  /** Each version's own, as it serves. Null where there are not two classes. */
  readonly thresholds: { readonly champion: number | null; readonly challenger: number | null }
  /** Features of the rows, in which slices are looked for. */
  readonly spec: FeatureSpec
  readonly columns: readonly Float64Array[]
  /** Share of class 1 in the challenger's training; null where there are not two classes. */
  readonly trainingBaseRate: number | null
  /** What seeds the resamples: hash of the rows, and of both artefacts. */
  readonly hashes: { readonly rows: string; readonly champion: string | null; readonly challenger: string }
}

/** What the challenger answered, at its own threshold. */
export function challengerAnswers({ kind, y, challenger, thresholds }: ScoredRows): Answers {
  return { kind, y, scores: challenger, threshold: thresholds.challenger ?? 0.5 }
}

/** Both models, each at its own threshold; null for a first model. `flagged` as in `ScoredPair`. */
export function scoredPair(scored: ScoredRows, flagged: number | null): ScoredPair | null {
  const { kind, y, entities, champion, challenger, thresholds } = scored
  if (champion === null) return null
  const at = { champion: thresholds.champion ?? 0.5, challenger: thresholds.challenger ?? 0.5 }
  return { kind, y, entities, champion, challenger, thresholds: at, flagged }
}

/** All that the gate's evidence needs of the scores. */
export interface ModelComparison extends TestedSlices {
  readonly metrics: { readonly champion: Metrics | null; readonly challenger: Metrics }
  /** In the policy's metric, with its two-sided 95 % interval. Null for a first model, and when the rows allow none. */
  readonly gain: (Gain & Interval & { readonly method: string }) | null
  /** What the policy's guards on metrics read. Empty for a first model. */
  readonly guards: Evidence['guards']
  /** For a first model: the lower bound of its AUC, or of its R2 for numbers. */
  readonly floorLower: number | null
}

/**
 * Compares two models on the same rows. F1 of two classes is compared when both flag as many rows as the challenger's
 * training base rate expects. What has no formula for its error is resampled, the bound being at `alpha`, the level of this
 * look; null when it has none. Throws `metric_undefined` when a named metric has no value on these rows: check the sample
 * before.
 */
export function compareModels(request: {
  readonly scored: ScoredRows
  readonly policy: PromotionPolicy
  readonly alpha: number | null
  readonly metricNames: readonly MetricName[]
}): ModelComparison {
  const { scored, policy, alpha, metricNames } = request
  const { kind, y, entities, hashes, trainingBaseRate: rate } = scored
  const seed = comparisonSeed(hashes.rows, hashes.champion ?? '', hashes.challenger)
  const after = challengerAnswers(scored)
  const ofChallenger = evaluate(after, metricNames)
  const flagged = kind === 'binary' && rate !== null ? Math.max(1, Math.round(rate * y.length)) : null
  const pair = scoredPair(scored, flagged)
  if (pair === null) {
    const floorLower = orNull(() => floorBound(after, entities, seed))
    return {
      metrics: { champion: null, challenger: ofChallenger },
      gain: null,
      guards: {},
      floorLower,
      slices: [],
      unjudged: [],
    }
  }
  const { metric, slices: declared = [] } = policy
  return {
    metrics: { champion: evaluate(answersOf(pair, 'champion'), metricNames), challenger: ofChallenger },
    gain: orNull(() => gainOf(metric, pair, alpha, seed)),
    guards: guardEvidence(policy, pair, seed),
    floorLower: null,
    ...testSlices({ ...scored, champion: pair.champion, declared, recalibrate: isRanking(metric) }),
  }
}

function gainOf(
  metric: MetricName,
  pair: ScoredPair,
  alpha: number | null,
  seed: BootstrapSeed,
): ModelComparison['gain'] {
  if (hasClosedForm(metric, pair)) {
    const gain = pairedGain(metric, pair)
    return { ...gain, ...interval(gain) }
  }
  const found = pairedBootstrap(metric, pair, { seed, ...(alpha === null || alpha === 0 ? {} : { alpha }) })
  const { estimate, se, lower, low, high, undefinedShare, method } = found
  return { estimate, se, df: null, resampled: { lower, alpha: alpha ?? 0, undefinedShare }, low, high, method }
}

/** A ranking says nothing of the level of the probabilities. */
function isRanking(metric: MetricName): boolean {
  return metric === 'auc' || metric === 'averagePrecision' || metric === 'ks'
}

/** Better than chance: an AUC above one half; for numbers, better than their mean: R2 above 0. */
function floorBound(answers: Answers, entities: Int32Array, seed: BootstrapSeed): number {
  if (answers.kind === 'binary') return lowerBound(aucInference(answers.y, answers.scores, entities), ONE_SIDED)
  if (answers.kind === 'number') return lowerBound(metricInference('r2', answers, entities), ONE_SIDED)
  return metricBootstrap('auc', answers, entities, { alpha: ONE_SIDED, seed }).lower
}

function guardEvidence(policy: PromotionPolicy, pair: ScoredPair, seed: BootstrapSeed): Evidence['guards'] {
  const evidence: { [M in MetricName]?: GuardEvidence } = {}
  for (const metric of METRICS) {
    if (policy.guards[metric] === undefined) continue
    const harm = orNull(() => harmIn(metric, pair, seed))
    if (harm === null) continue
    const { estimate, ...certainty } = harm
    evidence[metric] = isLoss(metric) ? { rise: estimate, ...certainty } : { drop: estimate, ...certainty }
  }
  return evidence
}

/** How much worse the challenger is: the champion's gain over it. */
function harmIn(
  metric: MetricName,
  pair: ScoredPair,
  seed: BootstrapSeed,
): { readonly estimate: number; readonly se: number; readonly lower?: number } {
  if (hasClosedForm(metric, pair)) {
    const { estimate, se } = pairedGain(metric, pair)
    return { estimate: -estimate, se }
  }
  const { champion, challenger, thresholds } = pair
  const swapped: ScoredPair = {
    ...pair,
    champion: challenger,
    challenger: champion,
    thresholds: { champion: thresholds.challenger, challenger: thresholds.champion },
  }
  const { estimate, se, lower } = pairedBootstrap(metric, swapped, { alpha: ONE_SIDED, seed })
  return { estimate, se, lower }
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
