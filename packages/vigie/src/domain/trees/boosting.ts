import { VigieError } from '../../errors.ts'
import type { FeatureSpec } from '../feature-spec.ts'
import { seededRandom } from '../random.ts'
import type { GradientBoosting } from '../trainer.ts'
import { type BoostedBase, boostedBase, checkBoostedRows } from './boosted-base.ts'
import type { BoostedRules } from './boosted-split.ts'
import { type BoostingMemory, Figure, Job, JobKind, PIECE } from './boosting-memory.ts'
import { joinForests } from './forest.ts'
import { gradientScale } from './gradients.ts'
import { BoostedTreeGrower, type DoJob } from './grow-boosted.ts'
import type { Forest, Objective } from './packed.ts'
import { isWatched, StopWatcher } from './stop-early.ts'
import type { TrainingSet } from './training-set.ts'

/** Which rows trees are grown on, and which only say when to stop (none: all rounds). */
export interface BoostedRows {
  readonly grown: Int32Array
  readonly watched: Int32Array
}

/** Parts the rows of a fit by the hash of their entities. */
export function boostedRows(keys: readonly string[], earlyStopping: GradientBoosting['earlyStopping']): BoostedRows {
  const grown = new Int32Array(new SharedArrayBuffer(4 * keys.length))
  const watched = new Int32Array(earlyStopping === null ? 0 : keys.length)
  let out = 0
  for (let i = 0; i < keys.length; i++) {
    if (earlyStopping !== null && isWatched(keys[i]!, earlyStopping.fraction)) watched[out++] = i
    else grown[i - out] = i
  }
  return { grown: grown.subarray(0, keys.length - out), watched: watched.slice(0, out) }
}

/** Most rows that a tree is not grown on. */
export function mostLeftOut({ grown, watched }: BoostedRows, { rowFraction }: GradientBoosting): number {
  return watched.length + grown.length - drawnOf(grown, rowFraction)
}

/** How many rows a tree is grown on. */
function drawnOf(grown: Int32Array, rowFraction: number): number {
  return Math.max(1, Math.round(rowFraction * grown.length))
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
 * Boosts trees on the loss of the target (`boosted-loss.ts`): one tree a round, or one for each class. Their work is done
 * piece by piece by `doJob`, which sees the same memory: the trees do not depend on who does it.
 *
 * @throws `too_few_rows` when either part of the rows has one label only; `definition_invalid` for monotone features of
 *   several classes
 */
export function boostTrees(
  set: TrainingSet,
  { grown, watched }: BoostedRows,
  trainer: GradientBoosting,
  memory: BoostingMemory,
  rules: BoostedRules,
  doJob: DoJob,
  onRound?: (done: number) => void,
): Forest {
  const { rows } = set.bins
  checkBoostedRows(set, grown, 'are grown on')
  if (trainer.earlyStopping) checkBoostedRows(set, watched, 'say when to stop')
  if (memory.outputs > 1) refuseMonotone(rules)
  const run = jobs(memory, doJob)
  if (memory.codes !== set.bins.codes) run(JobKind.copyCodes, 0, set.bins.features.length * PIECE)
  const base = boostedBase(set, grown)
  memory.figures[Figure.shift] = base.shift
  memory.figures[Figure.scale] = base.scale
  base.bases.forEach((start, k) => {
    memory.scores.fill(set.target.kind === 'number' ? 0 : start, k * rows, (k + 1) * rows)
  })

  const grower = new BoostedTreeGrower(memory, rules, trainer, doJob)
  const sums = { gradient: 0, packed: 0 }
  const trees: Forest[] = []
  const stop = trainer.earlyStopping && new StopWatcher(trainer.earlyStopping.rounds)
  let leftOut = 0
  for (let round = 0; round < trainer.rounds; round++) {
    if (memory.outputs > 1) run(JobKind.logSums, 0, rows)
    for (let k = 0; k < memory.outputs; k++) {
      const drawn = draw(memory, grown, trainer, round * memory.outputs + k)
      leftOut = grown.length - drawn
      memory.others.set(watched, leftOut)
      differentiate(memory, run, drawn, k)
      sums.gradient = run(JobKind.round, 0, drawn)
      sums.packed = sumOfPieces(memory, 1)
      grower.grow(drawn, sums)
      trees.push(grower.tree(1 / base.scale))
      grower.addSteps(drawn, rows - drawn, k)
    }
    onRound?.(round + 1)
    if (stop?.isTime(run(JobKind.loss, leftOut, leftOut + watched.length))) break
  }
  const kept = stop ? stop.bestRound * memory.outputs : trees.length
  return joinForests(trees.slice(0, kept), objectiveOf(set, base))
}

type Run = (kind: number, start: number, end: number) => number

/** Does a job over positions of rows, and returns the first sum of its pieces, in their order. */
function jobs(memory: BoostingMemory, doJob: DoJob): Run {
  const { job } = memory
  return (kind, start, end) => {
    job[Job.kind] = kind
    job[Job.start] = start
    job[Job.end] = end
    job[Job.pieces] = Math.ceil((end - start) / PIECE)
    job[Job.alone] = 0
    doJob()
    return sumOfPieces(memory, 0)
  }
}

function sumOfPieces({ job, partial }: BoostingMemory, which: 0 | 1): number {
  let sum = 0
  for (let piece = 0; piece < job[Job.pieces]! && 2 * piece < partial.length; piece++)
    sum += partial[2 * piece + which]!
  return sum
}

/** Derivatives of the first rows of `order`, and how they are rounded. */
function differentiate(memory: BoostingMemory, run: Run, rows: number, output: number): void {
  const { job, figures } = memory
  job[Job.output] = output
  const gradients = run(JobKind.gradients, 0, rows)
  const scale = gradientScale(rows, gradients, sumOfPieces(memory, 1))
  figures[Figure.gradientStep] = scale.gradientStep
  figures[Figure.hessianStep] = scale.hessianStep
  figures[Figure.unit] = scale.unit
}

/** The features and rows of one tree: rows into `order`, those left out into `others`. Returns how many are in. */
function draw(
  { chosen, job, order, others, bins }: BoostingMemory,
  grown: Int32Array,
  { seed, rowFraction, columnFraction }: GradientBoosting,
  tree: number,
): number {
  const random = seededRandom(seed, tree)
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
  let wanted = drawnOf(grown, rowFraction)
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

function objectiveOf({ target }: TrainingSet, { bases }: BoostedBase): Objective {
  if (target.kind === 'classes') return { kind: 'softmax', bases }
  return { kind: target.kind === 'binary' ? 'logistic' : 'sum', base: bases[0]! }
}

/** A class that becomes likelier makes others less likely: no one score says which way a probability goes. */
function refuseMonotone({ monotone }: BoostedRules): void {
  if (monotone.every((way) => way === 0)) return
  throw new VigieError('definition_invalid', 'features of a model of several classes cannot be monotone', {
    rule: 'monotone features need a label of two classes, or a number',
    value: 'monotone',
  })
}
