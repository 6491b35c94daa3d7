import { classNames } from '../model/target.ts'
import type { RandomForest } from '../trainer.ts'
import { SumGrower } from './grow-sums.ts'
import type { TrainingSet } from './training-set.ts'

/**
 * Trees of any number of classes whose rows have weights of their own: splits by the Gini impurity. Leaves are the
 * probability of class 1 when there are two classes, else rows of `leaves`, the first ones being those of pure leaves.
 */
export class ClassGrower extends SumGrower {
  /** A probability for each class, row by row. Begins with the rows of leaves that are of one class. */
  leaves: number[] = []
  private readonly classes: number
  protected readonly orderings: number

  constructor(set: TrainingSet, trainer: RandomForest) {
    const classes = classNames(set.target).length
    super(set, trainer, classes)
    this.classes = classes
    // With two classes the best set of categories is a prefix of their order by the share of one (Breiman et al. 1984,
    // theorem 4.5). With more there is no such order: that of each class against the others is tried.
    this.orderings = classes === 2 ? 1 : classes
    if (classes > 2) {
      for (let k = 0; k < classes; k++) for (let c = 0; c < classes; c++) this.leaves.push(c === k ? 1 : 0)
    }
  }

  protected readonly add = (sums: Float64Array, at: number, row: number): void => {
    sums[at + this.set.label[row]!]! += this.mass[row]!
  }

  protected rowWeight(row: number): number {
    const ofClass = this.set.weights[this.set.label[row]!]!
    return this.set.rowWeights === null ? ofClass : ofClass * this.set.rowWeights[row]!
  }

  /** Sum of the squared weights of the classes over their sum: the weighted Gini impurity, turned round. */
  protected purity(sums: Float64Array): number {
    let squares = 0
    let weight = 0
    for (let k = 0; k < sums.length; k++) {
      squares += sums[k]! * sums[k]!
      weight += sums[k]!
    }
    return squares / weight
  }

  protected rank(sums: Float64Array, at: number, ordering: number): number {
    let weight = 0
    for (let k = 0; k < this.classes; k++) weight += sums[at + k]!
    return sums[at + (this.classes === 2 ? 1 : ordering)]! / weight
  }

  protected isPure(): boolean {
    let present = 0
    for (const sum of this.total) if (sum > 0) present++
    return present < 2
  }

  protected weight(): number {
    return this.total.reduce((sum, part) => sum + part, 0)
  }

  protected leaf(): number {
    const { total, leaves, classes } = this
    const weight = this.weight()
    if (classes === 2) return total[1]! / weight
    const pure = total.indexOf(weight)
    if (pure >= 0) return pure
    for (const sum of total) leaves.push(sum / weight)
    return leaves.length / classes - 1
  }
}
