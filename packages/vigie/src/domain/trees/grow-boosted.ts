import { type BoostedRules, newtonStep } from './boosted-split.ts'
import { type BoostingMemory, Figure, FOUND, Found, GROUP, Job, JobKind, NO_NULLS, PIECE } from './boosting-memory.ts'
import type { GradientSums } from './gradients.ts'
import { threshold } from './grow.ts'
import { CATEGORY, type Forest, forestOver, LEAF, NULL_LEFT } from './packed.ts'

/** Does all pieces of the job that the memory names, in this thread or with the help of others. */
export type DoJob = () => void

/** Rows times features that are counted before another thread would have heard of it. */
const COUNTED_ALONE = 30_000

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
  private readonly doJob: DoJob
  private used = 0
  // By slot.
  private leaves = 0
  private readonly bestFeature: Int32Array
  private readonly bestGain: Float64Array
  /** Rows of each node. */
  private readonly covers: Float32Array

  constructor(
    memory: BoostingMemory,
    rules: BoostedRules,
    { leaves, learningRate }: { readonly leaves: number; readonly learningRate: number },
    doJob: DoJob,
  ) {
    this.memory = memory
    this.rules = rules
    this.maxLeaves = leaves
    this.learningRate = learningRate
    this.doJob = doJob
    this.bestFeature = new Int32Array(leaves)
    this.bestGain = new Float64Array(leaves)
    this.covers = new Float32Array(2 * leaves)
  }

  /** A tree on the first `rows` of `order`, whose sums are `sums`, with the features that are chosen. */
  grow(rows: number, sums: GradientSums): void {
    this.used = 1
    this.leaves = 1
    this.setLeaf(0, 0, 0, rows, sums.gradient, sums.packed, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    const everyRow = rows === this.memory.bins.rows
    if (!everyRow) this.forRows(JobKind.gather, 0, rows)
    this.count(0, -1, everyRow)
    while (this.leaves < this.maxLeaves) {
      const slot = this.bestLeaf()
      if (slot < 0) break
      this.split(slot)
    }
    for (let slot = 0; slot < this.leaves; slot++) this.writeLeaf(slot)
  }

  /** The tree, its steps times `unit`. */
  tree(unit: number): Forest {
    const { words } = this.memory.tree
    const nodes = new ArrayBuffer(16 * this.used)
    new Int32Array(nodes).set(words.subarray(0, 4 * this.used))
    const covers = this.covers.slice(0, this.used)
    const tree = forestOver(new Int32Array(1), nodes, 0, this.used, null, { covers })
    for (let node = 0; node < this.used; node++) if (words[4 * node + 2] === LEAF) tree.values[2 * node]! *= unit
    return tree
  }

  /** Adds the tree's steps to the scores of output `k`: of its `rows`, and of as many `others`. */
  addSteps(rows: number, others: number, k: number): void {
    const { job } = this.memory
    job[Job.output] = k
    job[Job.leaves] = this.leaves
    this.forRows(JobKind.addSteps, 0, rows)
    this.forRows(JobKind.addOthers, 0, others)
  }

  private forRows(kind: number, start: number, end: number): void {
    const { job } = this.memory
    job[Job.kind] = kind
    job[Job.start] = start
    job[Job.end] = end
    job[Job.pieces] = Math.ceil((end - start) / PIECE)
    job[Job.alone] = 0
    this.doJob()
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
    const { tree, nodes } = this.memory
    tree.at[slot] = at
    tree.start[slot] = start
    tree.end[slot] = end
    this.bestGain[slot] = 0
    this.covers[at] = end - start
    nodes[4 * slot] = gradient
    nodes[4 * slot + 1] = packed
    nodes[4 * slot + 2] = low
    nodes[4 * slot + 3] = high
  }

  /** Counts the leaf in `slot`, and its sibling if that is in `parentSlot`, and keeps the best split of both. */
  private count(slot: number, parentSlot: number, everyRow: boolean): void {
    const { job, tree } = this.memory
    const rows = tree.end[slot]! - tree.start[slot]!
    job[Job.kind] = JobKind.count
    job[Job.pieces] = Math.ceil(job[Job.features]! / GROUP)
    job[Job.alone] = rows * job[Job.features]! < COUNTED_ALONE ? 1 : 0
    job[Job.slot] = slot
    job[Job.start] = tree.start[slot]!
    job[Job.end] = tree.end[slot]!
    job[Job.parentSlot] = parentSlot
    job[Job.everyRow] = everyRow ? 1 : 0
    this.doJob()
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
    const { tree } = memory
    const feature = this.bestFeature[slot]!
    const found = FOUND * (slot * memory.bins.features.length + feature)
    const gradient = memory.found[found + Found.gradient]!
    const packed = memory.found[found + Found.packed]!
    const [nodeGradient, nodePacked, low, high] = memory.nodes.subarray(4 * slot, 4 * slot + 4) as unknown as Four
    const [start, end] = [tree.start[slot]!, tree.end[slot]!]
    const leftRows = this.rowsOf(packed)
    const leftIsLarger = leftRows > end - start - leftRows

    const child = this.used
    this.used += 2
    const partsValues = this.writeSplit(slot, feature, found, child, leftIsLarger)
    // The last leaves are not split any more, and nobody counts them.
    const isLast = this.leaves + 1 === this.maxLeaves
    const middle = start + leftRows
    this.partition(start, end, middle, isLast ? -1 : leftIsLarger ? 1 : 0)

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
    if (!isLast) this.count(next, slot, false)
  }

  private rowsOf(packed: number): number {
    return Math.floor(packed / this.memory.figures[Figure.unit]!)
  }

  private hessianOf(packed: number): number {
    return packed - this.rowsOf(packed) * this.memory.figures[Figure.unit]!
  }

  private writeLeaf(slot: number): void {
    const { nodes, tree } = this.memory
    const [gradient, packed, low, high] = nodes.subarray(4 * slot, 4 * slot + 4) as unknown as Four
    const node = tree.at[slot]!
    const step = newtonStep(gradient, this.hessianOf(packed), this.rules.l2, low, high)
    tree.values[2 * node] = this.learningRate * step
    tree.words[4 * node + 2] = LEAF
    tree.words[4 * node + 3] = 0
  }

  /** Writes the split, and who goes left by it into `goesLeft`. Returns whether it parts values from each other. */
  private writeSplit(slot: number, feature: number, found: number, child: number, unseenLeft: boolean): boolean {
    const { memory } = this
    const { bins, histograms, histogramAt, histogramWidth } = memory
    const { words, values, goesLeft, splitOf, featureOf, at } = memory.tree
    const { kind, bins: count } = bins.features[feature]!
    const histogram = slot * histogramWidth + histogramAt[feature]!
    const occupied = (bin: number): boolean => histograms[histogram + 2 * bin + 1] !== 0
    const node = at[slot]!
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
      const cut = this.cut(feature, lastLeft, firstRight)
      values[2 * node] = cut.threshold
      goesLeft.fill(1, row + 1, row + cut.lastLeft + 1)
      goesLeft.fill(0, row + cut.lastLeft + 1, row + count + 1)
      nullLeft = side === NO_NULLS ? unseenLeft : side === 1
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
    splitOf[node] = split
    featureOf[split] = feature
    return partsValues
  }

  /**
   * Where a feature is split, by value and by bin: halfway, but not within a bin that none of the node's rows is in. So
   * rows that a tree is not grown on go the same way by their bins, in training, as by their values ever after.
   */
  private cut(feature: number, lastLeft: number, firstRight: number): { threshold: number; lastLeft: number } {
    const { bins } = this.memory
    const { least, greatest } = bins
    const partsValues = firstRight <= bins.features[feature]!.bins
    const halfway = threshold(bins, { feature, lastLeft, firstRight: partsValues ? firstRight : 0 })
    let last = lastLeft
    while (last + 1 < firstRight && greatest[(feature << 8) | (last + 1)]! <= halfway) last++
    const isWithin = last + 1 < firstRight && least[(feature << 8) | (last + 1)]! <= halfway
    if (!isWithin) return { threshold: halfway, lastLeft: last }
    return { threshold: threshold(bins, { feature, lastLeft: last, firstRight: last + 1 }), lastLeft: last }
  }

  /**
   * Brings the rows that go left by the newest split to the front, both sides in their old order, and the gradient pairs
   * of one side together (0 left, 1 right, -1 none).
   */
  private partition(start: number, end: number, middle: number, gathered: number): void {
    const { job, partial } = this.memory
    job[Job.split] = this.leaves - 1
    this.forRows(JobKind.part, start, end)
    let left = 0
    for (let piece = 0; piece < job[Job.pieces]!; piece++) {
      partial[2 * piece + 1] = left
      left += partial[2 * piece]!
    }
    job[Job.middle] = middle
    job[Job.gathered] = gathered
    this.forRows(JobKind.place, start, end)
  }
}

type Four = readonly [number, number, number, number]
