import type { BootstrapInterval } from '../bootstrap/bootstrap.ts'
import { resampled } from '../bootstrap/resampled.ts'
import { twoSidedP } from '../distributions/normal.ts'
import { rightOfRow } from '../metrics/accuracy.ts'
import { type Answers, likeliest, widthOf } from '../metrics/answers.ts'
import { type MetricName, metricsFor } from '../policy.ts'
import { interval } from '../significance/inference.ts'
import { type McNemar, mcnemar } from '../significance/mcnemar.ts'
import { hasClosedForm } from '../significance/metric-inference.ts'
import { pairedGain, type ScoredPair } from '../significance/paired-gain.ts'
import { EVALUATION_SEED, evaluationReplicates, reasonOf, type Skipped } from './metric-intervals.ts'

/** The gain of the first score on the other; up is better for every metric. `z` and `p` are two-sided normal values. */
export interface PairedInterval {
  readonly gain: number | null
  readonly se: number | null
  /** Of the t reference of the interval; null for a bootstrap. */
  readonly df: number | null
  readonly z: number | null
  readonly p: number | null
  readonly low: number | null
  readonly high: number | null
  readonly method: string
  readonly reason?: string
}

/** Rows that exactly one of the two classifies right. The p-values are one-sided: that the first is right more often. */
export interface PairedRights extends McNemar {
  readonly onlyScoreRight: number
  readonly onlyAgainstRight: number
}

export type PairedIntervals = { readonly [M in MetricName | 'matchedF1']?: PairedInterval } & {
  readonly mcnemar?: PairedRights | { readonly reason: string }
}

/** Compares two models' answers on the same rows. `against` is the one to beat. */
export function pairedIntervals(
  score: Answers,
  against: Answers,
  entities: Int32Array,
  skipped: Skipped = {},
): PairedIntervals {
  const paired: { [M in MetricName | 'matchedF1']?: PairedInterval } = {}
  const pair = pairOf(score, against, entities)
  const names = metricsFor(score).filter((name) => skipped[name] === undefined)
  for (const name of names) if (hasClosedForm(name, score)) paired[name] = closedForm(() => pairedGain(name, pair))
  if (score.kind === 'binary' && !score.weights) {
    const flagged = Math.max(
      1,
      score.y.reduce((sum, label) => sum + label, 0),
    )
    paired.matchedF1 = closedForm(() => pairedGain('f1', { ...pair, flagged }))
  }
  const left = names.filter((name) => paired[name] === undefined)
  Object.assign(paired, bootstrapped(left, score, against, entities))
  const rights =
    score.kind === 'number' || skipped.accuracy !== undefined ? {} : { mcnemar: rightsOf(score, against, entities) }
  return { ...paired, ...rights }
}

function pairOf(score: Answers, against: Answers, entities: Int32Array): ScoredPair {
  const { kind, y, weights = null, threshold = 0.5 } = score
  return {
    kind,
    y,
    weights,
    entities,
    champion: against.scores,
    challenger: score.scores,
    thresholds: { champion: against.threshold ?? 0.5, challenger: threshold },
    flagged: null,
  }
}

function closedForm(compute: () => ReturnType<typeof pairedGain>): PairedInterval {
  try {
    const inference = compute()
    const { estimate: gain, se, df, method } = inference
    return { gain, se, df, ...normal(gain, se), ...interval(inference), method }
  } catch (error) {
    return without(reasonOf(error))
  }
}

function bootstrapped(
  names: readonly MetricName[],
  score: Answers,
  against: Answers,
  entities: Int32Array,
): PairedIntervals {
  if (names.length === 0) return {}
  const options = { seed: EVALUATION_SEED, replicates: evaluationReplicates(entities.length) }
  try {
    const found = resampled(names, [against, score], entities, options)
    return Object.fromEntries(names.map((name, i) => [name, ofBootstrap(found[i]!)]))
  } catch (error) {
    const reason = reasonOf(error)
    return Object.fromEntries(names.map((name) => [name, without(reason)]))
  }
}

function ofBootstrap({ estimate: gain, se, low, high, method }: BootstrapInterval): PairedInterval {
  return { gain, se, df: null, ...normal(gain, se), low, high, method }
}

/** Without variation there is no test. */
function normal(gain: number, se: number): { readonly z: number | null; readonly p: number | null } {
  return se === 0 ? { z: null, p: null } : { z: gain / se, p: twoSidedP(gain / se) }
}

function without(reason: string): PairedInterval {
  return { gain: null, se: null, df: null, z: null, p: null, low: null, high: null, method: 'none', reason }
}

function rightsOf(score: Answers, against: Answers, entities: Int32Array): PairedRights | { readonly reason: string } {
  if (score.weights) return { reason: 'McNemar counts rows, and these have weights' }
  let entityCount = 0
  for (const entity of entities) entityCount = Math.max(entityCount, entity + 1)
  if (entityCount < entities.length) return { reason: 'McNemar needs one row an entity' }
  let onlyScoreRight = 0
  let onlyAgainstRight = 0
  for (let row = 0; row < score.y.length; row++) {
    const [first, other] = [isRight(score, row), isRight(against, row)]
    if (first && !other) onlyScoreRight++
    if (other && !first) onlyAgainstRight++
  }
  return { onlyScoreRight, onlyAgainstRight, ...mcnemar(onlyAgainstRight, onlyScoreRight) }
}

function isRight(answers: Answers, row: number): boolean {
  const { kind, y, scores, threshold = 0.5 } = answers
  if (kind === 'classes') return likeliest(scores, row, widthOf(answers)) === y[row]
  return rightOfRow(y[row]!, scores[row]!, threshold) === 1
}
