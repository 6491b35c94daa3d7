import { hasCode } from '../errors.ts'
import { metricBootstrap, pairedBootstrap } from './bootstrap/paired-bootstrap.ts'
import type { BootstrapSeed } from './bootstrap/seed.ts'
import { comparisonPictures, type Pictures } from './comparison-pictures.ts'
import { entityNumbers } from './entities.ts'
import type { Answers } from './metrics/answers.ts'
import type { MetricName, TargetKind } from './policy.ts'
import { interval } from './significance/inference.ts'
import { hasClosedForm, metricInference } from './significance/metric-inference.ts'
import { pairedGain, type ScoredPair } from './significance/paired-gain.ts'

/** A number with its two-sided 95 % interval, and how that was made. */
export interface Measured {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly method: string
}

/** One metric of both models. What the rows give no value, or no interval, is null. */
export interface MetricComparison {
  readonly metric: MetricName
  readonly champion: Measured | null
  readonly challenger: Measured | null
  /** Up is better, also where the metric is a loss. Paired: narrower than what the two intervals suggest. */
  readonly gain: Measured | null
}

export interface ComparisonDetails {
  readonly rows: number
  readonly entities: number
  readonly metrics: readonly MetricComparison[]
  readonly pictures: Pictures
}

/** Both models in every metric, each with its own interval and with that of the difference, and the pictures. */
export function comparisonDetails(request: {
  readonly kind: TargetKind
  readonly y: Float64Array
  readonly keys: readonly string[]
  readonly champion: Float64Array | null
  readonly challenger: Float64Array
  readonly weights?: Float64Array | null
  readonly thresholds: { readonly champion: number | null; readonly challenger: number | null }
  readonly metricNames: readonly MetricName[]
  readonly seed: BootstrapSeed
}): ComparisonDetails {
  const { kind, y, champion, challenger, weights = null, thresholds, seed } = request
  const entities = entityNumbers(request.keys)
  const answers = (scores: Float64Array, threshold: number | null): Answers => ({
    kind,
    y,
    scores,
    weights,
    threshold: threshold ?? 0.5,
  })
  const pair: ScoredPair | null = champion && {
    kind,
    y,
    entities,
    champion,
    challenger,
    weights,
    thresholds: { champion: thresholds.champion ?? 0.5, challenger: thresholds.challenger ?? 0.5 },
    // Each at its own threshold: the gate's guard on F1 compares at a matched number of flagged rows.
    flagged: null,
  }
  const ofOne = (metric: MetricName, of: Answers) => orNull(() => measured(metric, of, entities, seed))
  return {
    rows: y.length,
    entities: new Set(request.keys).size,
    metrics: request.metricNames.map((metric) => ({
      metric,
      champion: champion && ofOne(metric, answers(champion, thresholds.champion)),
      challenger: ofOne(metric, answers(challenger, thresholds.challenger)),
      gain: pair && orNull(() => measuredGain(metric, pair, seed)),
    })),
    pictures: comparisonPictures(request),
  }
}

function measured(metric: MetricName, answers: Answers, entities: Int32Array, seed: BootstrapSeed): Measured {
  if (!hasClosedForm(metric, answers)) {
    const { estimate, low, high, method } = metricBootstrap(metric, answers, entities, { seed })
    return { value: estimate, low, high, method }
  }
  const inference = metricInference(metric, answers, entities)
  const method = metric === 'auc' ? 'DeLong, clustered by entity, t' : 'delta method, clustered by entity, t'
  return { value: inference.estimate, ...interval(inference), method }
}

function measuredGain(metric: MetricName, pair: ScoredPair, seed: BootstrapSeed): Measured {
  if (!hasClosedForm(metric, pair)) {
    const { estimate, low, high, method } = pairedBootstrap(metric, pair, { seed })
    return { value: estimate, low, high, method }
  }
  const gain = pairedGain(metric, pair)
  return { value: gain.estimate, ...interval(gain), method: gain.method }
}

function orNull<T>(compute: () => T): T | null {
  try {
    return compute()
  } catch (error) {
    if (hasCode(error, 'metric_undefined')) return null
    throw error
  }
}
