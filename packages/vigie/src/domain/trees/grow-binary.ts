import type { RandomForest } from '../trainer.ts'
import { TreeGrower } from './grow.ts'
import { collectLevels, emptyLevels } from './levels.ts'
import { type Side, type SplitRules, tryCategories, tryThresholds } from './split.ts'
import type { TrainingSet } from './training-set.ts'

/**
 * Trees of two classes whose rows count by class alone: splits by the Gini impurity, leaves are the probability of class
 * 1. Rows are counted in whole numbers, which is faster than sums of weights.
 */
export class BinaryGrower extends TreeGrower {
  private readonly rules: SplitRules
  private readonly levels = emptyLevels()
  private readonly node: Side = { zeros: 0, ones: 0, rows: 0 }
  /** Draws of class 0 and of class 1 of the nodes still to be grown. */
  private readonly kept: number[] = []

  constructor(set: TrainingSet, trainer: RandomForest) {
    super(set, trainer)
    this.rules = { weights: set.weights as readonly [number, number], minRows: this.minRows }
  }

  protected begin(rows: number): void {
    const { draws, order, kept } = this
    const { label } = this.set
    let zeros = 0
    let ones = 0
    for (let i = 0; i < rows; i++) {
      const row = order[i]!
      const times = draws[row]! >> 1
      if (label[row] === 1) {
        ones += times
        draws[row]! |= 1
      } else zeros += times
    }
    kept.length = 0
    kept.push(zeros, ones)
  }

  protected enter(): void {
    this.node.ones = this.kept.pop()!
    this.node.zeros = this.kept.pop()!
    this.node.rows = this.nodeRows
  }

  protected keepSide(isLeft: boolean): void {
    const { node, best } = this
    if (isLeft) this.kept.push(best.leftZeros, best.leftOnes)
    else this.kept.push(node.zeros - best.leftZeros, node.ones - best.leftOnes)
  }

  protected isPure(): boolean {
    return this.node.zeros === 0 || this.node.ones === 0
  }

  protected tryFeature(feature: number, start: number, end: number): boolean {
    const { levels, best, node, rules } = this
    const { kind, bins } = this.set.bins.features[feature]!
    collectLevels(levels, this.columns[feature]!, this.draws, this.order, start, end, bins)
    if (levels.count < 2) return false
    if (kind === 'numeric') tryThresholds(best, feature, levels, node, rules)
    else tryCategories(best, feature, levels, node, rules)
    return true
  }

  protected leaf(): number {
    return (this.node.ones * this.rules.weights[1]) / this.weight()
  }

  protected weight(): number {
    const { zeros, ones } = this.node
    return zeros * this.rules.weights[0] + ones * this.rules.weights[1]
  }
}
