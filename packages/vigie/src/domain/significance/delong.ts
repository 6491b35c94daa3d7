import { twoSidedP } from '../distributions/normal.ts'
import { entityCount, oneRowEach } from '../entities.ts'
import { undefinedMetric } from '../metrics/outcomes.ts'
import { type Inference, interval } from './inference.ts'
import { type Placements, placements } from './placements.ts'

/** Two AUCs on the same rows. `low` and `high` are the two-sided 95 % interval of the gain by the t reference. */
export interface PairedAuc {
  readonly champion: number
  readonly challenger: number
  /** Challenger minus champion. */
  readonly gain: number
  readonly se: number
  readonly df: number | null
  /** DeLong's normal statistic and its two-sided p-value; null when `se` is 0. */
  readonly z: number | null
  readonly p: number | null
  readonly low: number
  readonly high: number
}

/**
 * Difference of two correlated AUCs (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837), clustered by entity
 * (Obuchowski 1997, Biometrics 53:567) with Welch and Satterthwaite's degrees of freedom. One row an entity makes it
 * DeLong's own. Use it whenever both models scored the same rows; the t reference keeps its size down to 5 positives
 * and far into the tail, where the normal one does not.
 *
 * `y` is 0 or 1 a row, scores are on any scale, `entities` numbers the entity of each row from 0 without gaps and
 * defaults to one row each. Throws `metric_undefined` when a class has fewer than two entities.
 */
export function pairedDeLong(
  y: Float64Array,
  champion: Float64Array,
  challenger: Float64Array,
  entities: Int32Array = oneRowEach(y.length),
): PairedAuc {
  return pairedFromPlacements(y, placements(y, champion), placements(y, challenger), entities)
}

/** The same from placements that are there already: a champion that meets many challengers is ranked once. */
export function pairedFromPlacements(
  y: Float64Array,
  before: Placements,
  after: Placements,
  entities: Int32Array,
): PairedAuc {
  const difference = after.values.map((value, i) => value - before.values[i]!)
  const gain = after.auc - before.auc
  const inference = clustered(y, { ...after, auc: gain, values: difference }, entities)
  const z = inference.se === 0 ? null : gain / inference.se
  return {
    champion: before.auc,
    challenger: after.auc,
    gain,
    se: inference.se,
    df: inference.df,
    z,
    p: z === null ? null : twoSidedP(z),
    ...interval(inference),
  }
}

/** One AUC with its clustered standard error, by the same method. */
export function aucInference(
  y: Float64Array,
  score: Float64Array,
  entities: Int32Array = oneRowEach(y.length),
): Inference {
  return clustered(y, placements(y, score), entities)
}

/**
 *     P_c, N_c = sums of (value - mean) over the positives, negatives of entity c
 *     S10 = I1 / ((I1 - 1) n1) sum P_c^2    S01 = I0 / ((I0 - 1) n0) sum N_c^2    S11 = C / (C - 1) sum P_c N_c
 *     var = S10 / n1 + S01 / n0 + 2 S11 / (n1 n0)
 *     df  = (S10 / n1 + S01 / n0)^2 / ((S10 / n1)^2 / (I1 - 1) + (S01 / n0)^2 / (I0 - 1))
 *
 * where I1, I0 entities have a positive, a negative, and C is their number in all.
 */
function clustered(
  y: Float64Array,
  { auc: mean, values, positives, negatives }: Placements,
  entities: Int32Array,
): Inference {
  const all = entityCount(entities)
  const sums = [new Float64Array(all), new Float64Array(all)] as const
  const rows = [new Int32Array(all), new Int32Array(all)] as const
  for (let i = 0; i < y.length; i++) {
    const label = y[i] === 1 ? 1 : 0
    const entity = entities[i]!
    sums[label][entity]! += values[i]! - mean
    rows[label][entity]! += 1
  }
  const withNegative = countPositive(rows[0])
  const withPositive = countPositive(rows[1])
  if (withPositive < 2 || withNegative < 2) {
    undefinedMetric(
      'the standard error of an AUC',
      'the standard error of an AUC needs two entities with a positive and two with a negative',
      `${withPositive} with a positive, ${withNegative} with a negative`,
    )
  }
  const s10 = (withPositive / ((withPositive - 1) * positives)) * dot(sums[1], sums[1])
  const s01 = (withNegative / ((withNegative - 1) * negatives)) * dot(sums[0], sums[0])
  const s11 = (all / (all - 1)) * dot(sums[1], sums[0])
  const ofPositives = s10 / positives
  const ofNegatives = s01 / negatives
  const variance = ofPositives + ofNegatives + (2 * s11) / (positives * negatives)
  if (variance <= 0) return { estimate: mean, se: 0, df: null }
  const df =
    (ofPositives + ofNegatives) ** 2 / (ofPositives ** 2 / (withPositive - 1) + ofNegatives ** 2 / (withNegative - 1))
  return { estimate: mean, se: Math.sqrt(variance), df }
}

function countPositive(counts: Int32Array): number {
  let found = 0
  for (const count of counts) if (count > 0) found++
  return found
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
