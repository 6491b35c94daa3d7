import type { RandomForest } from '../trainer.ts'
import { TreeGrower } from './grow.ts'
import { keepThreshold } from './split.ts'
import { type AddRow, collectSums, emptySumLevels, type SumLevels } from './sum-levels.ts'
import type { TrainingSet } from './training-set.ts'

/**
 * Trees whose splits are judged by sums over the rows of each side: the weights of each class, or weight and weighted
 * label. The sums of a node are made anew from its rows, so rounding does not grow with depth.
 */
export abstract class SumGrower extends TreeGrower {
  /** Draws of the bootstrap times the weight of the row. */
  protected readonly mass: Float64Array
  /** Sums of the node. */
  protected readonly total: Float64Array
  private readonly channels: number
  private readonly levels: SumLevels
  private readonly left: Float64Array
  private readonly right: Float64Array
  private readonly ranked = new Int32Array(256)

  constructor(set: TrainingSet, trainer: RandomForest, channels: number) {
    super(set, trainer)
    this.channels = channels
    this.mass = new Float64Array(set.bins.rows)
    this.total = new Float64Array(channels)
    this.levels = emptySumLevels(channels)
    this.left = new Float64Array(channels)
    this.right = new Float64Array(channels)
  }

  /** Adds a row of `mass` to the sums that begin at `at`. */
  protected abstract readonly add: AddRow
  /** How pure one side is: the sum of both sides is the score of a split, higher is better. */
  protected abstract purity(sums: Float64Array): number
  /** Ways to order categories, of whose prefixes the best is taken. */
  protected abstract readonly orderings: number
  /** Where a category with the sums that begin at `at` comes in the order. */
  protected abstract rank(sums: Float64Array, at: number, ordering: number): number
  /** Weight of a row beside its draws. */
  protected abstract rowWeight(row: number): number

  protected begin(rows: number): void {
    for (let i = 0; i < rows; i++) {
      const row = this.order[i]!
      this.mass[row] = (this.draws[row]! >> 1) * this.rowWeight(row)
    }
  }

  protected enter(start: number, end: number): void {
    this.total.fill(0)
    for (let i = start; i < end; i++) this.add(this.total, 0, this.order[i]!)
  }

  protected keepSide(): void {
    // Sums are made anew.
  }

  protected tryFeature(feature: number, start: number, end: number): boolean {
    const { levels, channels } = this
    const { kind, bins } = this.set.bins.features[feature]!
    collectSums(levels, channels, this.columns[feature]!, this.order, start, end, bins, this.add)
    if (levels.count < 2) return false
    if (kind === 'numeric') this.tryThresholds(feature)
    else for (let ordering = 0; ordering < this.orderings; ordering++) this.tryCategories(feature, ordering)
    return true
  }

  /** As in `split.ts`: nulls on the right, on the left, then values against nulls. */
  private tryThresholds(feature: number): void {
    const { bin, count, rows } = this.levels
    if (bin[0] !== 0) {
      this.scanThresholds(feature, null)
      return
    }
    this.scanThresholds(feature, false)
    this.scanThresholds(feature, true)
    this.left.fill(0)
    for (let i = 1; i < count; i++) this.addLevel(i)
    if (this.isBetter(feature, this.nodeRows - rows[0]!)) keepThreshold(this.best, bin[count - 1]!, 0, false)
  }

  private scanThresholds(feature: number, nullLeft: boolean | null): void {
    const { bin, count, rows } = this.levels
    this.left.fill(0)
    let leftRows = 0
    if (nullLeft) {
      this.addLevel(0)
      leftRows = rows[0]!
    }
    for (let i = nullLeft === null ? 0 : 1; i < count - 1; i++) {
      this.addLevel(i)
      leftRows += rows[i]!
      if (this.isBetter(feature, leftRows)) keepThreshold(this.best, bin[i]!, bin[i + 1]!, nullLeft)
    }
  }

  private tryCategories(feature: number, ordering: number): void {
    const { best, ranked, channels } = this
    const { bin, count, rows, sums } = this.levels
    for (let i = 0; i < count; i++) {
      const rank = this.rank(sums, i * channels, ordering)
      let at = i
      for (; at > 0 && this.rank(sums, ranked[at - 1]! * channels, ordering) > rank; at--) ranked[at] = ranked[at - 1]!
      ranked[at] = i
    }
    this.left.fill(0)
    let leftRows = 0
    let improved = false
    for (let i = 0; i < count - 1; i++) {
      this.addLevel(ranked[i]!)
      leftRows += rows[ranked[i]!]!
      if (!this.isBetter(feature, leftRows)) continue
      best.leftCategories = i + 1
      improved = true
    }
    if (!improved) return
    best.nullLeft = null
    best.categoryCount = count
    for (let i = 0; i < count; i++) {
      best.categories[i] = bin[ranked[i]!]!
      if (best.categories[i] === 0) best.nullLeft = i < best.leftCategories
    }
  }

  private addLevel(level: number): void {
    const { left, channels } = this
    const { sums } = this.levels
    for (let c = 0; c < channels; c++) left[c]! += sums[level * channels + c]!
  }

  /** Keeps score, feature and rows of the split whose left side has the sums in `left` when it is the best so far. */
  private isBetter(feature: number, leftRows: number): boolean {
    const { best, left, right, total, channels, minRows } = this
    if (leftRows < minRows || this.nodeRows - leftRows < minRows) return false
    for (let c = 0; c < channels; c++) right[c] = total[c]! - left[c]!
    const score = this.purity(left) + this.purity(right)
    if (!(score > best.score)) return false
    best.score = score
    best.feature = feature
    best.leftRows = leftRows
    return true
  }
}
