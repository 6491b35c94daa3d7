import type { RandomForest } from '../trainer.ts'
import { SumGrower } from './grow-sums.ts'
import type { TrainingSet } from './training-set.ts'

/** Trees of a number: splits by the variance that they take away, leaves are the weighted mean. */
export class NumberGrower extends SumGrower {
  protected readonly orderings = 1
  private readonly mean: number
  /** Labels less their mean: squares of sums lose nothing to it. */
  private readonly centred: Float64Array

  constructor(set: TrainingSet, trainer: RandomForest) {
    super(set, trainer, 2)
    this.mean = set.numbers.reduce((sum, y) => sum + y / set.numbers.length, 0)
    this.centred = set.numbers.map((y) => y - this.mean)
  }

  protected readonly add = (sums: Float64Array, at: number, row: number): void => {
    const mass = this.mass[row]!
    sums[at]! += mass
    sums[at + 1]! += mass * this.centred[row]!
  }

  protected rowWeight(row: number): number {
    return this.set.rowWeights === null ? 1 : this.set.rowWeights[row]!
  }

  /** Squared sum over weight: the weighted variance within a side, turned round, less what is the same for all splits. */
  protected purity(sums: Float64Array): number {
    return (sums[1]! * sums[1]!) / sums[0]!
  }

  /** The best set of categories is a prefix of their order by mean (Breiman et al. 1984, section 8.8). */
  protected rank(sums: Float64Array, at: number): number {
    return sums[at + 1]! / sums[at]!
  }

  protected isPure(start: number, end: number): boolean {
    const { numbers } = this.set
    const first = numbers[this.order[start]!]
    for (let i = start + 1; i < end; i++) if (numbers[this.order[i]!] !== first) return false
    return true
  }

  protected weight(): number {
    return this.total[0]!
  }

  protected leaf(): number {
    return this.mean + this.total[1]! / this.total[0]!
  }
}
