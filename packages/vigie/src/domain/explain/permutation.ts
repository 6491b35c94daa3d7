import { tQuantile } from '../distributions/student-t.ts'
import { computeMetric } from '../metrics/evaluate.ts'
import { type Model, scoreColumns } from '../model/model.ts'
import { isLoss, type MetricName } from '../policy.ts'
import { seededRandom } from '../random.ts'

/** Rows with labels that one model has not seen. */
export interface UnseenRows {
  readonly model: Model
  readonly columns: readonly Float64Array[]
  readonly label: Float64Array
  readonly weight: Float64Array | null
}

/** Features that are shuffled together. `number` names its random numbers, whoever computes it. */
export interface Shuffled {
  readonly number: number
  readonly features: readonly number[]
}

export interface Shuffling {
  readonly metric: MetricName
  readonly units: readonly Shuffled[]
  readonly repetitions: number
  readonly seed: number
}

/**
 * A metric of all rows together, and what it becomes when features are shuffled: for each unit its repetitions, one after
 * another. Rows are shuffled among those of the same model (Breiman 2001; Fisher, Rudin and Dominici 2019), features of a
 * unit by the same order.
 */
export function shuffledMetrics(
  parts: readonly UnseenRows[],
  { metric, units, repetitions, seed }: Shuffling,
  onUnit?: (done: number) => void,
): { readonly value: number; readonly shuffled: Float64Array } {
  const { header } = parts[0]!.model
  const y = joined(parts.map(({ label }) => label))
  const weights = parts[0]!.weight === null ? null : joined(parts.map(({ weight }) => weight!))
  const kind = header.target.kind
  const threshold = header.threshold ?? 0.5
  const metricOf = (of: (part: UnseenRows) => readonly Float64Array[]) => {
    const scores = joined(parts.map((part) => scoreColumns(part.model, of(part), part.label.length)))
    return computeMetric(metric, { kind, y, scores, weights, threshold })
  }
  const value = metricOf(({ columns }) => columns)
  const shuffled = new Float64Array(units.length * repetitions)
  for (const [u, { number, features }] of units.entries()) {
    for (let r = 0; r < repetitions; r++) {
      const random = seededRandom(seed, number * repetitions + r)
      shuffled[u * repetitions + r] = metricOf(({ columns, label }) => {
        const order = shuffledOrder(label.length, random.below)
        return columns.map((column, f) => (features.includes(f) ? Float64Array.from(order, (i) => column[i]!) : column))
      })
    }
    onUnit?.(u + 1)
  }
  return { value, shuffled }
}

/** How much worse a metric gets, above 0 when the feature helps, with a 95 % interval over the repetitions. */
export interface Loss {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/**
 * The mean of what the repetitions lost, with Student's interval: it says how sure the mean is over the ways to shuffle,
 * and nothing of other rows or other models.
 */
export function lossOf(metric: MetricName, value: number, shuffled: Float64Array): Loss {
  const n = shuffled.length
  const lost = shuffled.map((worse) => (isLoss(metric) ? worse - value : value - worse))
  const estimate = lost.reduce((sum, x) => sum + x, 0) / n
  const variance = lost.reduce((sum, x) => sum + (x - estimate) ** 2, 0) / (n - 1)
  const half = tQuantile(0.975, n - 1) * Math.sqrt(variance / n)
  return { estimate, low: estimate - half, high: estimate + half }
}

/** Fisher and Yates. */
function shuffledOrder(n: number, below: (n: number) => number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1)
    const swapped = order[i]!
    order[i] = order[j]!
    order[j] = swapped
  }
  return order
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const [only] = parts
  if (parts.length === 1) return only!
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
