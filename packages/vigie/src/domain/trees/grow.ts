import { type Random, seededRandom } from '../random.ts'
import type { RandomForest } from '../trainer.ts'
import type { Bins } from './bins.ts'
import { CATEGORY, LEAF, NODE_BYTES, NULL_LEFT } from './packed.ts'
import { emptySplit, type Split } from './split.ts'
import type { TrainingSet } from './training-set.ts'

/** One tree in the layout of `packed.ts`, children counted from its own root. */
export interface GrownTree {
  readonly words: Int32Array
  /** Weighted rows that came to each node: those of the bootstrap sample. */
  readonly covers: Float32Array
}

/**
 * Grows the trees of a forest, one at a time. Each tree has its own stream of random numbers, so trees can be grown in any
 * order and anywhere.
 *
 * scikit-learn's rules: a bootstrap sample of as many draws as rows; at each split features are drawn without
 * replacement until `maxFeatures` were seen and one of them was not constant; constant features count; a node is
 * split unless it is pure, at `maxDepth`, or would leave fewer than `minSamplesLeaf` distinct rows on a side.
 * A null or category that a node never saw goes the way of its larger child.
 *
 * What makes a split good and what a leaf says is for the classes that extend it: `grow-binary.ts`, `grow-sums.ts`.
 *
 * A class, because V8 compiles methods once, but functions inside a function again for each call that makes them.
 */
export abstract class TreeGrower {
  protected readonly set: TrainingSet
  protected readonly columns: readonly Uint8Array[]
  protected readonly minRows: number
  private readonly perSplit: number
  private readonly maxDepth: number
  private readonly seed: number

  // Room that every tree uses again.
  /** Twice the number of draws of each row. The last bit is for who extends this. */
  protected readonly draws: Uint8Array
  /** The rows that were drawn; each node is a range of them. */
  protected readonly order: Int32Array
  private readonly rightSide: Int32Array
  private readonly words: Int32Array
  private readonly values: Float64Array
  private readonly covers: Float32Array
  private readonly candidates: Int32Array
  /** Nodes still to be grown, four numbers each. */
  private readonly open: number[] = []
  /** By bin: 1 when it goes left at the split being made. */
  private readonly goesLeft = new Uint8Array(256)
  /** Distinct rows of the node. */
  protected nodeRows = 0
  protected readonly best = emptySplit()

  constructor(set: TrainingSet, trainer: RandomForest) {
    const { rows, features, codes } = set.bins
    this.set = set
    this.columns = features.map((_, f) => codes.subarray(f * rows, (f + 1) * rows))
    this.minRows = trainer.minSamplesLeaf
    this.perSplit = featuresPerSplit(trainer.maxFeatures, features.length)
    this.maxDepth = trainer.maxDepth ?? Number.POSITIVE_INFINITY
    this.seed = trainer.seed
    this.draws = new Uint8Array(rows)
    this.order = new Int32Array(rows)
    this.rightSide = new Int32Array(rows)
    // A tree of n distinct rows has at most 2n - 1 nodes.
    const nodes = new ArrayBuffer(2 * rows * NODE_BYTES)
    this.words = new Int32Array(nodes)
    this.values = new Float64Array(nodes)
    this.covers = new Float32Array(2 * rows)
    this.candidates = new Int32Array(features.length)
  }

  /** Before a tree: `draws` and `order` are filled. */
  protected abstract begin(rows: number): void
  /** The node is to be looked at. Nodes come in the opposite order to that of `keepSide`, the root first. */
  protected abstract enter(start: number, end: number): void
  /** A side of the split in `best` will be a node. */
  protected abstract keepSide(isLeft: boolean): void
  /** Whether nothing is left to part in the node. */
  protected abstract isPure(start: number, end: number): boolean
  /** Keeps the best split of the node by a feature in `best`. False when it is the same for all its rows. */
  protected abstract tryFeature(feature: number, start: number, end: number): boolean
  /** The value of the leaf that the node becomes. */
  protected abstract leaf(): number
  /** Weighted rows of the node. */
  protected abstract weight(): number

  grow(tree: number): GrownTree {
    const { open } = this
    const random = seededRandom(this.seed, tree)
    for (let f = 0; f < this.candidates.length; f++) this.candidates[f] = f
    const rows = this.bootstrap(random)
    this.begin(rows)
    let used = 1
    open.push(0, 0, rows, 0)
    while (open.length > 0) {
      const depth = open.pop()!
      const end = open.pop()!
      const start = open.pop()!
      const at = open.pop()!
      this.nodeRows = end - start
      this.enter(start, end)
      this.covers[at] = this.weight()

      const tooSmall = this.nodeRows < 2 * this.minRows
      if (tooSmall || depth >= this.maxDepth || this.isPure(start, end) || !this.findSplit(start, end, random)) {
        this.writeLeaf(at)
        continue
      }
      const child = used
      used += 2
      this.writeSplit(at, child)
      const middle = this.partition(start, end)
      // The larger child is grown first, so that the likeliest walk reads nodes that lie together: 15 % a row served.
      const leftFirst = this.leftIsLarger()
      this.keepSide(!leftFirst)
      this.keepSide(leftFirst)
      if (leftFirst) {
        open.push(child + 1, middle, end, depth + 1)
        open.push(child, start, middle, depth + 1)
      } else {
        open.push(child, start, middle, depth + 1)
        open.push(child + 1, middle, end, depth + 1)
      }
    }
    return { words: this.words.slice(0, used * 4), covers: this.covers.slice(0, used) }
  }

  /** Draws the rows. Returns how many distinct ones. */
  private bootstrap(random: Random): number {
    const { draws, order } = this
    const rows = draws.length
    // A byte holds 127 draws: 128 of one row have a chance below 1 / 128!.
    draws.fill(0)
    for (let i = 0; i < rows; i++) draws[random.below(rows)]! += 2
    let drawn = 0
    for (let row = 0; row < rows; row++) if (draws[row]! > 0) order[drawn++] = row
    return drawn
  }

  /** Leaves the best split of rows `start` to `end` in `best`. False when no feature can part them. */
  private findSplit(start: number, end: number, random: Random): boolean {
    const { candidates, best } = this
    const width = candidates.length
    best.score = Number.NEGATIVE_INFINITY
    let varied = false
    for (let seen = 0; seen < width && (seen < this.perSplit || !varied); seen++) {
      const pick = seen + random.below(width - seen)
      const feature = candidates[pick]!
      candidates[pick] = candidates[seen]!
      candidates[seen] = feature
      if (this.tryFeature(feature, start, end)) varied = true
    }
    return best.score > Number.NEGATIVE_INFINITY
  }

  private leftIsLarger(): boolean {
    return this.best.leftRows > this.nodeRows - this.best.leftRows
  }

  private writeLeaf(at: number): void {
    const { words, values } = this
    values[2 * at] = this.leaf()
    words[4 * at + 2] = LEAF
    words[4 * at + 3] = 0
  }

  /** Writes the split in `best`, and who goes left by it into `goesLeft`. */
  private writeSplit(at: number, child: number): void {
    const { words, goesLeft, best } = this
    const { kind, bins } = this.set.bins.features[best.feature]!
    const unseenLeft = this.leftIsLarger()
    const nullLeft = best.nullLeft ?? unseenLeft
    if (kind === 'numeric') {
      goesLeft.fill(1, 1, best.lastLeft + 1)
      goesLeft.fill(0, best.lastLeft + 1, bins + 1)
      this.values[2 * at] = threshold(this.set.bins, best)
    } else {
      goesLeft.fill(unseenLeft ? 1 : 0, 1, bins + 1)
      for (let i = 0; i < best.categoryCount; i++) goesLeft[best.categories[i]!] = i < best.leftCategories ? 1 : 0
      words[4 * at] = 0
      words[4 * at + 1] = 0
      for (let code = 0; code < bins; code++) words[4 * at + (code >> 5)]! |= goesLeft[code + 1]! << (code & 31)
    }
    goesLeft[0] = nullLeft ? 1 : 0
    words[4 * at + 2] = best.feature | (nullLeft ? NULL_LEFT : 0) | (kind === 'category' ? CATEGORY : 0)
    words[4 * at + 3] = child
  }

  /** Brings the rows that go left to the front, both sides in their old order. Returns where the right side begins. */
  private partition(start: number, end: number): number {
    const { order, rightSide, goesLeft } = this
    const column = this.columns[this.best.feature]!
    let left = start
    let right = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      // Without a branch, which would be mispredicted for every other row.
      const toLeft = goesLeft[column[row]!]!
      order[left] = row
      rightSide[right] = row
      left += toLeft
      right += 1 - toLeft
    }
    for (let i = 0; i < right; i++) order[left + i] = rightSide[i]!
    return left
  }
}

function featuresPerSplit(maxFeatures: RandomForest['maxFeatures'], features: number): number {
  if (maxFeatures === 'all') return features
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(features)))
  return Math.min(features, maxFeatures)
}

/** Halfway between the values on both sides, as scikit-learn has it. Every value of the right side is above it. */
export function threshold(
  bins: Bins,
  { feature, lastLeft, firstRight }: Pick<Split, 'feature' | 'lastLeft' | 'firstRight'>,
): number {
  // Only nulls go right: all values are at most this.
  if (firstRight === 0) return Number.MAX_VALUE
  const below = bins.greatest[(feature << 8) | lastLeft]!
  const above = bins.least[(feature << 8) | firstRight]!
  const middle = below / 2 + above / 2
  return middle < above ? middle : below
}
