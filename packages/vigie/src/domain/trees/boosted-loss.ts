import { outputWidth } from '../model/target.ts'
import { logistic } from './packed.ts'
import type { TrainingSet } from './training-set.ts'

/** Sums of some rows that are not exact, so they are added in one order: gradients in absolute value, second derivatives. */
export interface RoughSums {
  gradients: number
  hessians: number
}

/** What is boosted: the first and second derivatives of a loss by the scores, and the loss itself, row by row. */
export interface BoostedLoss {
  /**
   * Derivatives for the rows `order[start .. end-1]` by output `k`, weighted, at `2 * row` and `2 * row + 1` of
   * `gradients`. Leaves their sums in `sums`.
   */
  derive(gradients: Float64Array, sums: RoughSums, order: Int32Array, start: number, end: number, k: number): void
  /** Sum of the losses of the rows `order[start .. end-1]`, weighted. */
  sum(order: Int32Array, start: number, end: number): number
  /** Begins a round for rows `start` to `end - 1`, where all trees of a round see what was before it. */
  begin?(start: number, end: number): void
}

/** Scores and what else is kept a row. See `BoostingMemory`. */
interface Scores {
  readonly scores: Float64Array
  readonly logSums: Float64Array
}

/** A score that is certain would have no second derivative, and nothing to divide by. */
const LEAST_HESSIAN = 1e-16
/** Losses are those of probabilities of at least this. */
const LEAST_PROBABILITY = 1e-15

/** The loss that suits the target: log loss of one score or of one for each class, or squared error. */
export function boostedLoss(set: TrainingSet, scores: Scores, number: { shift: number; scale: number }): BoostedLoss {
  if (set.target.kind === 'binary') return new LogisticLoss(set, scores)
  if (set.target.kind === 'classes') return new SoftmaxLoss(set, scores)
  return new SquaredLoss(set, scores, number)
}

/** Log loss of the log-odds of class 1. */
class LogisticLoss implements BoostedLoss {
  private readonly set: TrainingSet
  private readonly scores: Float64Array

  constructor(set: TrainingSet, { scores }: Scores) {
    this.set = set
    this.scores = scores
  }

  derive(gradients: Float64Array, sums: RoughSums, order: Int32Array, start: number, end: number): void {
    const { scores } = this
    const { label, rowWeights } = this.set
    const [weight0, weight1] = this.set.weights as readonly [number, number]
    let absolute = 0
    let hessians = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const p = logistic(scores[row]!)
      const y = label[row]!
      const ofClass = y === 1 ? weight1 : weight0
      const weight = rowWeights === null ? ofClass : ofClass * rowWeights[row]!
      const gradient = (p - y) * weight
      const hessian = Math.max(p * (1 - p), LEAST_HESSIAN) * weight
      gradients[2 * row] = gradient
      gradients[2 * row + 1] = hessian
      absolute += Math.abs(gradient)
      hessians += hessian
    }
    sums.gradients = absolute
    sums.hessians = hessians
  }

  sum(order: Int32Array, start: number, end: number): number {
    const { label, weights, rowWeights } = this.set
    let loss = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const y = label[row]!
      const p = Math.min(Math.max(logistic(this.scores[row]!), LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
      loss -= weights[y]! * (rowWeights?.[row] ?? 1) * Math.log(y === 1 ? p : 1 - p)
    }
    return loss
  }
}

/**
 * Log loss of the softmax of one score a class. Classes share the derivative by their common shift, so the second
 * derivative of one alone is K / (K - 1) * p * (1 - p) (Friedman 2001, algorithm 6), as LightGBM has it: its parameters
 * mean the same here.
 */
class SoftmaxLoss implements BoostedLoss {
  private readonly set: TrainingSet
  private readonly scores: Float64Array
  private readonly logSums: Float64Array
  private readonly classes: number

  constructor(set: TrainingSet, { scores, logSums }: Scores) {
    this.set = set
    this.scores = scores
    this.logSums = logSums
    this.classes = outputWidth(set.target)
  }

  begin(start: number, end: number): void {
    const { scores, logSums, classes } = this
    const { rows } = this.set.bins
    for (let row = start; row < end; row++) logSums[row] = logSum(scores, row, rows, classes)
  }

  derive(gradients: Float64Array, sums: RoughSums, order: Int32Array, start: number, end: number, k: number): void {
    const { scores, logSums, classes } = this
    const { label, weights, rowWeights, bins } = this.set
    const factor = classes / (classes - 1)
    const from = k * bins.rows
    let absolute = 0
    let hessians = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const p = Math.exp(scores[from + row]! - logSums[row]!)
      const y = label[row]!
      const weight = rowWeights === null ? weights[y]! : weights[y]! * rowWeights[row]!
      const gradient = (y === k ? p - 1 : p) * weight
      const hessian = Math.max(factor * p * (1 - p), LEAST_HESSIAN) * weight
      gradients[2 * row] = gradient
      gradients[2 * row + 1] = hessian
      absolute += Math.abs(gradient)
      hessians += hessian
    }
    sums.gradients = absolute
    sums.hessians = hessians
  }

  sum(order: Int32Array, start: number, end: number): number {
    const { scores, classes } = this
    const { label, weights, rowWeights, bins } = this.set
    const most = -Math.log(LEAST_PROBABILITY)
    let loss = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const y = label[row]!
      const own = logSum(scores, row, bins.rows, classes) - scores[y * bins.rows + row]!
      loss += weights[y]! * (rowWeights?.[row] ?? 1) * Math.min(own, most)
    }
    return loss
  }
}

/** Half of the squared error of `(y - shift) * scale`, so that what is little and much is so for every unit of y. */
class SquaredLoss implements BoostedLoss {
  private readonly set: TrainingSet
  private readonly scores: Float64Array
  private readonly number: { readonly shift: number; readonly scale: number }

  constructor(set: TrainingSet, { scores }: Scores, number: { readonly shift: number; readonly scale: number }) {
    this.set = set
    this.scores = scores
    this.number = number
  }

  derive(gradients: Float64Array, sums: RoughSums, order: Int32Array, start: number, end: number): void {
    const { scores } = this
    const { shift, scale } = this.number
    const { numbers, rowWeights } = this.set
    let absolute = 0
    let hessians = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const weight = rowWeights === null ? 1 : rowWeights[row]!
      const gradient = (scores[row]! - (numbers[row]! - shift) * scale) * weight
      gradients[2 * row] = gradient
      gradients[2 * row + 1] = weight
      absolute += Math.abs(gradient)
      hessians += weight
    }
    sums.gradients = absolute
    sums.hessians = hessians
  }

  sum(order: Int32Array, start: number, end: number): number {
    const { shift, scale } = this.number
    const { numbers, rowWeights } = this.set
    let loss = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const error = this.scores[row]! - (numbers[row]! - shift) * scale
      loss += (rowWeights?.[row] ?? 1) * error * error
    }
    return loss / 2
  }
}

/** Logarithm of the sum of e^score over the classes of a row. */
function logSum(scores: Float64Array, row: number, rows: number, classes: number): number {
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < classes; k++) most = Math.max(most, scores[k * rows + row]!)
  let sum = 0
  for (let k = 0; k < classes; k++) sum += Math.exp(scores[k * rows + row]! - most)
  return most + Math.log(sum)
}
