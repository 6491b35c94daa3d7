import { VigieError } from '../../errors.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import { seededRandom } from '../random.ts'
import type { GradientBoosting } from '../trainer.ts'
import type { BoostedRules } from './boosted-split.ts'
import { type BoostingMemory, Job } from './boosting-memory.ts'
import { joinForests } from './forest.ts'
import { logisticGradients, MAX_BOOSTED_ROWS } from './gradients.ts'
import { BoostedTreeGrower, type CountFeatures } from './grow-boosted.ts'
import type { Forest } from './packed.ts'
import { isWatched, StopWatcher } from './stop-early.ts'
import type { TrainingSet } from './training-set.ts'

/** Which rows trees are grown on, and which only say when to stop (none: all rounds). */
export interface BoostedRows {
  readonly grown: Int32Array
  readonly watched: Int32Array
}

/** Parts the rows of a fit by the hash of their entities. */
export function boostedRows(keys: readonly string[], earlyStopping: GradientBoosting['earlyStopping']): BoostedRows {
  const grown: number[] = []
  const watched: number[] = []
  for (let i = 0; i < keys.length; i++) {
    const isOut = earlyStopping !== null && isWatched(keys[i]!, earlyStopping.fraction)
    ;(isOut ? watched : grown).push(i)
  }
  return { grown: Int32Array.from(grown), watched: Int32Array.from(watched) }
}

/** The trainer's rules in the order of the features. */
export function boostedRules({ minSamplesLeaf, l2, monotone }: GradientBoosting, spec: FeatureSpec): BoostedRules {
  const ways = spec.map(({ name }) => {
    if (!Object.hasOwn(monotone, name)) return 0
    return monotone[name] === 'increasing' ? 1 : -1
  })
  return { minRows: minSamplesLeaf, l2, monotone: Int8Array.from(ways) }
}

/**
 * Boosts trees on the log loss. Features are counted by `countFeatures`, which sees the same memory: the trees do not
 * depend on who counts. Throws `too_few_rows` when either part of the rows lacks a class.
 */
export function boostTrees(
  set: TrainingSet,
  { grown, watched }: BoostedRows,
  trainer: GradientBoosting,
  memory: BoostingMemory,
  rules: BoostedRules,
  countFeatures: CountFeatures,
  onRound?: (done: number) => void,
): Forest {
  const { bins, label } = set
  const weights = set.weights as readonly [number, number]
  checkRows(label, grown, 'are grown on')
  if (trainer.earlyStopping) checkRows(label, watched, 'say when to stop')
  if (memory.codes !== bins.codes) memory.codes.set(bins.codes)
  const base = logOdds(label, grown, weights)
  const scores = new Float64Array(bins.rows).fill(base)
  const grower = new BoostedTreeGrower(memory, rules, trainer, countFeatures)
  const sums = { gradient: 0, packed: 0 }
  const trees: Forest[] = []
  const stop = trainer.earlyStopping && new StopWatcher(trainer.earlyStopping.rounds, watched, label, weights)
  const others = new Int32Array(bins.rows)
  for (let round = 0; round < trainer.rounds; round++) {
    const drawn = draw(memory, grown, others, trainer, round)
    others.set(watched, grown.length - drawn)
    memory.unit[0] = logisticGradients(memory.gradients, sums, memory.order, drawn, scores, label, weights)
    trees.push(grower.grow(drawn, sums))
    grower.addSteps(scores, others.subarray(0, bins.rows - drawn))
    onRound?.(round + 1)
    if (stop?.isTime(scores)) break
  }
  const kept = stop ? stop.bestRound : trees.length
  return joinForests(trees.slice(0, kept), { kind: 'logistic', base })
}

/** The features and rows of one tree: rows into `order`, those left out into `others`. Returns how many are in. */
function draw(
  { chosen, job, order, bins }: BoostingMemory,
  grown: Int32Array,
  others: Int32Array,
  { seed, rowFraction, columnFraction }: GradientBoosting,
  round: number,
): number {
  const random = seededRandom(seed, round)
  const width = bins.features.length
  const features = Math.max(1, Math.round(columnFraction * width))
  for (let f = 0; f < width; f++) chosen[f] = f
  for (let i = 0; features < width && i < features; i++) {
    const pick = i + random.below(width - i)
    const feature = chosen[pick]!
    chosen[pick] = chosen[i]!
    chosen[i] = feature
  }
  // In their own order again, for the first of equal splits stays.
  chosen.subarray(0, features).sort()
  job[Job.features] = features
  if (rowFraction === 1) {
    order.set(grown)
    return grown.length
  }
  // Selection sampling (Knuth, algorithm S): exactly as many, each set of them as likely, in their order.
  let wanted = Math.max(1, Math.round(rowFraction * grown.length))
  let drawn = 0
  let left = 0
  for (let i = 0; i < grown.length; i++) {
    if (random.unit() * (grown.length - i) < wanted) {
      order[drawn++] = grown[i]!
      wanted--
    } else others[left++] = grown[i]!
  }
  return drawn
}

/** The constant with the least log loss. */
function logOdds(label: Uint8Array, rows: Int32Array, [weight0, weight1]: readonly [number, number]): number {
  let ones = 0
  for (const row of rows) ones += label[row]!
  return Math.log((ones * weight1) / ((rows.length - ones) * weight0))
}

function checkRows(label: Uint8Array, rows: Int32Array, what: string): void {
  if (rows.length > MAX_BOOSTED_ROWS) {
    throw new VigieError('too_many_rows', `boosting was given ${rows.length} rows`, {
      rule: `boosting takes at most ${MAX_BOOSTED_ROWS} rows`,
      value: String(rows.length),
    })
  }
  let ones = 0
  for (const row of rows) ones += label[row]!
  if (ones > 0 && ones < rows.length) return
  throw new VigieError('too_few_rows', `of the ${rows.length} rows that ${what} ${ones} have the label true`, {
    rule: 'training needs rows of both classes, and so does early stopping in its share of them',
    value: `${ones} of ${rows.length}`,
  })
}
