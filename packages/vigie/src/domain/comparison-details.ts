import { hasCode } from '../errors.ts'
import { resampled } from './bootstrap/resampled.ts'
import { type BootstrapSeed, comparisonSeed } from './bootstrap/seed.ts'
import { challengerAnswers, type ScoredRows, scoredPair } from './comparison.ts'
import { comparisonPictures, type Pictures } from './comparison-pictures.ts'
import { entityCount } from './entities.ts'
import type { Answers } from './metrics/answers.ts'
import { isLoss, type MetricName } from './policy.ts'
import { interval } from './significance/inference.ts'
import { hasClosedForm, metricInference } from './significance/metric-inference.ts'
import { answersOf, pairedGain, type ScoredPair } from './significance/paired-gain.ts'

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

/**
 * Both models in every metric, each with its own interval and with that of the difference, and the pictures. The gains are
 * those of the gate, to the same bits, but for F1, which the gate compares at a matched number of flagged rows.
 */
export function comparisonDetails({
  scored,
  metricNames,
}: {
  readonly scored: ScoredRows
  readonly metricNames: readonly MetricName[]
}): ComparisonDetails {
  const { y, entities, hashes } = scored
  const seed = comparisonSeed(hashes.rows, hashes.champion ?? '', hashes.challenger)
  const ofOne = (of: Answers) => measuredAll(metricNames, of, entities, seed)
  const pair = scoredPair(scored, null)
  const before = pair && ofOne(answersOf(pair, 'champion'))
  const after = ofOne(challengerAnswers(scored))
  const gains = pair && gainsOf(metricNames, pair, seed)
  return {
    rows: y.length,
    entities: entityCount(entities),
    metrics: metricNames.map((metric) => ({
      metric,
      champion: before?.get(metric) ?? null,
      challenger: after.get(metric) ?? null,
      gain: gains?.get(metric) ?? null,
    })),
    pictures: comparisonPictures(scored),
  }
}

type ByMetric = ReadonlyMap<MetricName, Measured>

function measuredAll(
  names: readonly MetricName[],
  answers: Answers,
  entities: Int32Array,
  seed: BootstrapSeed,
): ByMetric {
  const method = (metric: MetricName) =>
    metric === 'auc' ? 'DeLong, clustered by entity, t' : 'delta method, clustered by entity, t'
  const found = together(
    names,
    answers,
    (metric) => ({ ...metricInference(metric, answers, entities), method: method(metric) }),
    (left) => resampled(left, [answers], entities, { seed }),
  )
  return new Map(Array.from(found, ([metric, measured]) => [metric, withinRange(metric, measured)]))
}

/** An interval by a normal or t law may reach beyond what the metric can be; that part of it says nothing. */
function withinRange(metric: MetricName, measured: Measured): Measured {
  const least = metric === 'r2' ? Number.NEGATIVE_INFINITY : 0
  const most = isLoss(metric) && metric !== 'ece' ? Number.POSITIVE_INFINITY : 1
  return { ...measured, low: Math.max(measured.low, least), high: Math.min(measured.high, most) }
}

function gainsOf(names: readonly MetricName[], pair: ScoredPair, seed: BootstrapSeed): ByMetric {
  return together(
    names,
    pair,
    (metric) => pairedGain(metric, pair),
    (left) => resampled(left, [answersOf(pair, 'champion'), answersOf(pair, 'challenger')], pair.entities, { seed }),
  )
}

/** By formula where there is one, and the others from one set of resamples. What has no value is left out. */
function together(
  names: readonly MetricName[],
  of: Parameters<typeof hasClosedForm>[1],
  byFormula: (metric: MetricName) => Parameters<typeof interval>[0] & { readonly method: string },
  byResamples: (left: readonly MetricName[]) => ReturnType<typeof resampled>,
): ByMetric {
  const found = new Map<MetricName, Measured>()
  for (const metric of names.filter((name) => hasClosedForm(name, of))) {
    const inference = orNull(() => byFormula(metric))
    if (inference === null) continue
    found.set(metric, { value: inference.estimate, ...interval(inference), method: inference.method })
  }
  const left = names.filter((name) => !hasClosedForm(name, of))
  const intervals = left.length === 0 ? [] : (orNull(() => byResamples(left)) ?? [])
  for (const [i, { estimate: value, low, high, method }] of intervals.entries()) {
    found.set(left[i]!, { value, low, high, method })
  }
  return found
}

function orNull<T>(compute: () => T): T | null {
  try {
    return compute()
  } catch (error) {
    if (hasCode(error, 'metric_undefined')) return null
    throw error
  }
}
