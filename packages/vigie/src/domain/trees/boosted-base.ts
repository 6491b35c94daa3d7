import { VigieError } from '../../errors.ts'
import { outputWidth } from '../model/target.ts'
import { MAX_BOOSTED_ROWS } from './gradients.ts'
import type { TrainingSet } from './training-set.ts'

/** Scores before the first tree, one for each output: the constants with the least loss. */
export interface BoostedBase {
  readonly bases: readonly number[]
  /** Numbers are boosted as `(y - shift) * scale` with a scale that is a power of two, and begin at 0 there. */
  readonly shift: number
  readonly scale: number
}

/** A class that no row has begins as if it had this share. */
const LEAST_SHARE = 1e-15

/** The log-odds of class 1, the logarithms of the shares of classes, or the mean: weighted, over the rows given. */
export function boostedBase(set: TrainingSet, rows: Int32Array): BoostedBase {
  if (set.target.kind === 'number') return baseOfNumbers(set, rows)
  const { label, weights, rowWeights } = set
  const sums = new Float64Array(outputWidth(set.target) === 1 ? 2 : outputWidth(set.target))
  for (const row of rows) sums[label[row]!]! += weights[label[row]!]! * (rowWeights?.[row] ?? 1)
  if (set.target.kind === 'binary') return { bases: [Math.log(sums[1]! / sums[0]!)], shift: 0, scale: 1 }
  const all = sums.reduce((a, b) => a + b)
  return { bases: Array.from(sums, (sum) => Math.log(Math.max(sum / all, LEAST_SHARE))), shift: 0, scale: 1 }
}

function baseOfNumbers({ numbers, rowWeights }: TrainingSet, rows: Int32Array): BoostedBase {
  let weights = 0
  let mean = 0
  // By steps towards each number: no sum of large numbers that would round or overflow.
  for (const row of rows) {
    const weight = rowWeights?.[row] ?? 1
    weights += weight
    mean += (numbers[row]! - mean) * (weight / weights)
  }
  let spread = 0
  for (const row of rows) spread += (Math.abs(numbers[row]! - mean) * (rowWeights?.[row] ?? 1)) / weights
  return { bases: [mean], shift: mean, scale: spread > 0 ? 2 ** -Math.round(Math.log2(spread)) : 1 }
}

/** Throws `too_many_rows`, or `too_few_rows` when the rows have not enough labels: `what` they are there for. */
export function checkBoostedRows({ target, label, numbers }: TrainingSet, rows: Int32Array, what: string): void {
  if (rows.length > MAX_BOOSTED_ROWS) {
    throw new VigieError('too_many_rows', `boosting was given ${rows.length} rows`, {
      rule: `boosting takes at most ${MAX_BOOSTED_ROWS} rows`,
      value: String(rows.length),
    })
  }
  const labels = target.kind === 'number' ? numbers : label
  const first = labels[rows[0] ?? 0]
  if (rows.some((row) => labels[row] !== first)) return
  const same = target.kind === 'number' ? first : target.classes[first ?? 0]
  const all = rows.length === 0 ? 'there are none' : `all have the label ${same}`
  throw new VigieError('too_few_rows', `of the ${rows.length} rows that ${what} ${all}`, {
    rule: 'training needs rows of different labels, and so does early stopping in its share of them',
    value: rows.length === 0 ? 'no row' : String(same),
  })
}
