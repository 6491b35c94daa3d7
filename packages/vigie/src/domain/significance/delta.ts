import { type Additive, groupSums, totalsOf } from '../metrics/additive.ts'
import type { Answers } from '../metrics/answers.ts'
import { undefinedMetric } from '../metrics/outcomes.ts'
import type { Inference } from './inference.ts'

/** What each entity adds to a metric beyond its share, to first order. These sum to 0. */
interface Influence {
  readonly value: number
  readonly ofEntity: Float64Array
}

/**
 * Standard error of a smooth function f of sums T over rows by the delta method, rows of one entity being dependent:
 *
 *     D_c = sum over j of df/dT_j T_cj,   var = C / (C - 1) sum D_c^2,   df = C - 1
 *
 * For a mean without weights this is the t statistic of `clusteredMean`, for F1 the influence of the gate's design.
 * Throws `metric_undefined` with fewer than two entities.
 */
export function deltaInference(metric: Additive, answers: Answers, entities: Int32Array): Inference {
  const { value, ofEntity } = influence(metric, answers, entities)
  return { estimate: value, ...spread(ofEntity) }
}

/** The same for the difference of two metrics on the same rows: the second minus the first. */
export function pairedDelta(
  before: { readonly metric: Additive; readonly answers: Answers },
  after: { readonly metric: Additive; readonly answers: Answers },
  entities: Int32Array,
): Inference {
  const first = influence(before.metric, before.answers, entities)
  const second = influence(after.metric, after.answers, entities)
  const difference = second.ofEntity.map((value, c) => value - first.ofEntity[c]!)
  return { estimate: second.value - first.value, ...spread(difference) }
}

function influence(metric: Additive, answers: Answers, entities: Int32Array): Influence {
  const { width } = metric
  let count = 0
  for (const entity of entities) count = Math.max(count, entity + 1)
  const sums = groupSums(metric, answers, entities, count)
  const totals = totalsOf(sums, width, null)
  const slope = metric.gradient!(totals)
  const ofEntity = new Float64Array(count)
  for (let c = 0; c < count; c++) for (let j = 0; j < width; j++) ofEntity[c]! += slope[j]! * sums[c * width + j]!
  return { value: metric.value(totals), ofEntity }
}

function spread(ofEntity: Float64Array): Omit<Inference, 'estimate'> {
  const count = ofEntity.length
  if (count < 2) undefinedMetric('a standard error', 'a standard error needs two entities', `${count} entities`)
  let squares = 0
  for (const value of ofEntity) squares += value * value
  return squares === 0 ? { se: 0, df: null } : { se: Math.sqrt((count / (count - 1)) * squares), df: count - 1 }
}
