import { sumByEntity } from '../entities.ts'
import { undefinedMetric } from '../metrics/outcomes.ts'
import type { Inference } from './inference.ts'

/**
 * Mean of one value a row, rows of one entity being dependent: a loss, or the difference of two losses.
 *
 *     D_c = sum of (x - mean) over the rows of entity c,   var = C / (C - 1) sum D_c^2 / n^2,   df = C - 1
 *
 * One row an entity makes it the ordinary t statistic. Throws `metric_undefined` with fewer than two entities.
 */
export function clusteredMean(x: Float64Array, entities: Int32Array): Inference {
  const n = x.length
  let sum = 0
  for (const value of x) sum += value
  const mean = sum / n
  const sums = sumByEntity(
    x.map((value) => value - mean),
    entities,
  )
  const count = sums.length
  if (count < 2) undefinedMetric('a standard error', 'a standard error needs two entities', `${count} entities`)
  let squares = 0
  for (const value of sums) squares += value * value
  if (squares === 0) return { estimate: mean, se: 0, df: null }
  return { estimate: mean, se: Math.sqrt((count / (count - 1)) * squares) / n, df: count - 1 }
}
