import { type BoostedRules, newtonStep } from './boosted-split.ts'
import { type BoostingMemory, FOUND, Found, Job, NO_NULLS } from './boosting-memory.ts'
import type { GradientSums } from './gradients.ts'
import { threshold } from './grow.ts'
import { CATEGORY, type Forest, forestOver, LEAF, NODE_BYTES, NULL_LEFT } from './packed.ts'

/** Does the job of the memory for each of the chosen features, in this thread or with the help of others. */
export type CountFeatures = () => void

/**
 * Grows one boosted tree at a time, in the layout of `packed.ts`: the leaf whose split gains most is split next, until
 * there are `leaves` or nothing gains. Only the smaller child of a split is counted; its sibling keeps the slot of
 * their parent and is what remains there.
 *
 * A null or category that a node never saw goes the way of its larger child.
 */
export class BoostedTreeGrower {
  private readonly memory: BoostingMemory
  private readonly rules: BoostedRules
  private readonly maxLeaves: number
  private readonly learningRate: number
  private readonly countFeatures: CountFeatures
  private readonly words: Int32Array
  private readonly values: Float64Array
  private used = 0
  private readonly rightSide: Int32Array

  // The leaves so far, by slot.
  private leaves = 0
  private readonly start: Int32Array
  private readonly end: Int32Array
  private readonly at: Int32Array
  private readonly bestFeature: Int32Array
  private readonly bestGain: Float64Array

  // The tree as it is walked by bins: by node, its split or -1; by split, its feature and which bins go left.
  private readonly splitOf: Int32Array
  private readonly featureOf: Int32Array
  private readonly goesLeft: Uint8Array

  constructor(
    memory: BoostingMemory,
    rules: BoostedRules,
    { leaves, learningRate }: { readonly leaves: number; readonly learningRate: number },
    countFeatures: CountFeatures,
  ) {
    this.memory = memory
    this.rules = rules
    this.maxLeaves = leaves
    this.learningRate = learningRate
    this.countFeatures = countFeatures
    this.rightSide = new Int32Array(memory.bins.rows)
    const nodes = new ArrayBuffer(2 * leaves * NODE_BYTES)
    this.words = new Int32Array(nodes)
    this.values = new Float64Array(nodes)
    this.start = new Int32Array(leaves)
    this.end = new Int32Array(leaves)
    this.at = new Int32Array(leaves)
    this.bestFeature = new Int32Array(leaves)
    this.bestGain = new Float64Array(leaves)
    this.splitOf = new Int32Array(2 * leaves)
    this.featureOf = new Int32Array(leaves)
    this.goesLeft = new Uint8Array(leaves << 8)
  }

  /** A tree on the first `rows` of `order`, whose sums are `sums`, with the features that are chosen. */
  grow(rows: number, sums: GradientSums): Forest {
    this.used = 1
    this.leaves = 1
    this.setLeaf(0, 0, 0, rows, sums.gradient, sums.packed, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    const everyRow = rows === this.memory.bins.rows
    if (!everyRow) this.gather(0, rows)
    this.count(0, -1, everyRow)
    while (this.leaves < this.maxLeaves) {
      const slot = this.bestLeaf()
      if (slot < 0) break
      this.split(slot)
    }
    for (let slot = 0; slot < this.leaves; slot++) this.writeLeaf(slot)
    return forestOver(new Int32Array(1), this.words.slice(0, 4 * this.used).buffer, 0, this.used)
  }

  /** Adds the tree's steps to the scores: of its own rows by their leaves, of `others` by walking their bins. */
  addSteps(scores: Float64Array, others: Int32Array): void {
    const { values } = this
    const { order, bins, codes } = this.memory
    for (let slot = 0; slot < this.leaves; slot++) {
      const step = values[2 * this.at[slot]!]!
      const end = this.end[slot]!
      for (let i = this.start[slot]!; i < end; i++) scores[order[i]!]! += step
    }
    for (const row of others) {
      let node = 0
      for (let split = this.splitOf[0]!; split >= 0; split = this.splitOf[node]!) {
        const bin = codes[this.featureOf[split]! * bins.rows + row]!
        node = this.words[4 * node + 3]! + 1 - this.goesLeft[(split << 8) | bin]!
      }
      scores[row]! += values[2 * node]!
    }
  }

  private bestLeaf(): number {
    let best = -1
    let gain = 0
    for (let slot = 0; slot < this.leaves; slot++) {
      if (this.bestGain[slot]! <= gain) continue
      gain = this.bestGain[slot]!
      best = slot
    }
    return best
  }

  private setLeaf(
    slot: number,
    at: number,
    start: number,
    end: number,
    gradient: number,
    packed: number,
    low: number,
    high: number,
  ): void {
    this.at[slot] = at
    this.start[slot] = start
    this.end[slot] = end
    this.bestGain[slot] = 0
    this.memory.nodes.set([gradient, packed, low, high], 4 * slot)
  }

  /** Brings the gradient pairs of a range of rows together. */
  private gather(start: number, end: number): void {
    const { order, gradients, ordered } = this.memory
    for (let i = start; i < end; i++) {
      const row = order[i]!
      ordered[2 * i] = gradients[2 * row]!
      ordered[2 * i + 1] = gradients[2 * row + 1]!
    }
  }

  /** Counts the leaf in `slot`, and its sibling if that is in `parentSlot`, and keeps the best split of both. */
  private count(slot: number, parentSlot: number, everyRow: boolean): void {
    const { job } = this.memory
    job[Job.slot] = slot
    job[Job.start] = this.start[slot]!
    job[Job.end] = this.end[slot]!
    job[Job.parentSlot] = parentSlot
    job[Job.everyRow] = everyRow ? 1 : 0
    this.countFeatures()
    this.keepBest(slot)
    if (parentSlot >= 0) this.keepBest(parentSlot)
  }

  /** The first of equals stays, in the order of the features: not of the threads. */
  private keepBest(slot: number): void {
    const { job, chosen, found, bins } = this.memory
    this.bestGain[slot] = 0
    for (let i = 0; i < job[Job.features]!; i++) {
      const feature = chosen[i]!
      const gain = found[FOUND * (slot * bins.features.length + feature) + Found.gain]!
      if (gain <= this.bestGain[slot]!) continue
      this.bestGain[slot] = gain
      this.bestFeature[slot] = feature
    }
  }

  private split(slot: number): void {
    const { memory, rules } = this
    const feature = this.bestFeature[slot]!
    const found = FOUND * (slot * memory.bins.features.length + feature)
    const gradient = memory.found[found + Found.gradient]!
    const packed = memory.found[found + Found.packed]!
    const [nodeGradient, nodePacked, low, high] = memory.nodes.subarray(4 * slot, 4 * slot + 4) as unknown as Four
    const [start, end] = [this.start[slot]!, this.end[slot]!]
    const leftRows = this.rowsOf(packed)
    const leftIsLarger = leftRows > end - start - leftRows

    const child = this.used
    this.used += 2
    const partsValues = this.writeSplit(slot, feature, found, child, leftIsLarger)
    const middle = this.partition(start, end, feature)

    let leftHigh = high
    let rightHigh = high
    let leftLow = low
    let rightLow = low
    const way = partsValues ? rules.monotone[feature]! : 0
    if (way !== 0) {
      // What is below on the one side stays below all that is on the other.
      const left = newtonStep(gradient, this.hessianOf(packed), rules.l2, low, high)
      const right = newtonStep(nodeGradient - gradient, this.hessianOf(nodePacked - packed), rules.l2, low, high)
      const between = (left + right) / 2
      if (way > 0) leftHigh = rightLow = between
      else leftLow = rightHigh = between
    }
    const next = this.leaves++
    const leftSlot = leftIsLarger ? slot : next
    const rightSlot = leftIsLarger ? next : slot
    this.setLeaf(leftSlot, child, start, middle, gradient, packed, leftLow, leftHigh)
    const rest = [nodeGradient - gradient, nodePacked - packed] as const
    this.setLeaf(rightSlot, child + 1, middle, end, ...rest, rightLow, rightHigh)
    // The last leaves are not split any more.
    if (this.leaves === this.maxLeaves) return
    this.gather(this.start[next]!, this.end[next]!)
    this.count(next, slot, false)
  }

  private rowsOf(packed: number): number {
    return Math.floor(packed / this.memory.unit[0]!)
  }

  private hessianOf(packed: number): number {
    return packed - this.rowsOf(packed) * this.memory.unit[0]!
  }

  private writeLeaf(slot: number): void {
    const [gradient, packed, low, high] = this.memory.nodes.subarray(4 * slot, 4 * slot + 4) as unknown as Four
    const node = this.at[slot]!
    const step = newtonStep(gradient, this.hessianOf(packed), this.rules.l2, low, high)
    this.values[2 * node] = this.learningRate * step
    this.words[4 * node + 2] = LEAF
    this.words[4 * node + 3] = 0
    this.splitOf[node] = -1
  }

  /** Writes the split, and who goes left by it into `goesLeft`. Returns whether it parts values from each other. */
  private writeSplit(slot: number, feature: number, found: number, child: number, unseenLeft: boolean): boolean {
    const { words, memory, goesLeft } = this
    const { bins, histograms, histogramAt, histogramWidth } = memory
    const { kind, bins: count } = bins.features[feature]!
    const histogram = slot * histogramWidth + histogramAt[feature]!
    const occupied = (bin: number): boolean => histograms[histogram + 2 * bin + 1] !== 0
    const node = this.at[slot]!
    const split = this.leaves - 1
    const row = split << 8
    let nullLeft: boolean
    let partsValues = false
    if (kind === 'numeric') {
      const lastLeft = memory.found[found + Found.lastLeft]!
      const side = memory.found[found + Found.nullLeft]!
      let firstRight = lastLeft + 1
      while (firstRight <= count && !occupied(firstRight)) firstRight++
      partsValues = firstRight <= count
      goesLeft.fill(1, row + 1, row + lastLeft + 1)
      goesLeft.fill(0, row + lastLeft + 1, row + count + 1)
      nullLeft = side === NO_NULLS ? unseenLeft : side === 1
      this.values[2 * node] = threshold(bins, { feature, lastLeft, firstRight: partsValues ? firstRight : 0 })
    } else {
      const inSet = (bin: number): boolean => ((memory.found[found + Found.set + (bin >> 5)]! >>> (bin & 31)) & 1) === 1
      const left = (bin: number): boolean => (occupied(bin) ? inSet(bin) : unseenLeft)
      words[4 * node] = 0
      words[4 * node + 1] = 0
      for (let code = 0; code < count; code++) {
        goesLeft[row + code + 1] = left(code + 1) ? 1 : 0
        words[4 * node + (code >> 5)]! |= goesLeft[row + code + 1]! << (code & 31)
      }
      nullLeft = left(0)
    }
    goesLeft[row] = nullLeft ? 1 : 0
    words[4 * node + 2] = feature | (nullLeft ? NULL_LEFT : 0) | (kind === 'category' ? CATEGORY : 0)
    words[4 * node + 3] = child
    this.splitOf[node] = split
    this.featureOf[split] = feature
    return partsValues
  }

  /** Brings the rows that go left by the newest split to the front, both sides in their old order. */
  private partition(start: number, end: number, feature: number): number {
    const { rightSide, goesLeft } = this
    const { order, bins, codes } = this.memory
    const column = codes.subarray(feature * bins.rows, (feature + 1) * bins.rows)
    const table = goesLeft.subarray((this.leaves - 1) << 8, this.leaves << 8)
    let left = start
    let right = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      const toLeft = table[column[row]!]!
      order[left] = row
      rightSide[right] = row
      left += toLeft
      right += 1 - toLeft
    }
    order.set(rightSide.subarray(0, right), left)
    return left
  }
}

type Four = readonly [number, number, number, number]
