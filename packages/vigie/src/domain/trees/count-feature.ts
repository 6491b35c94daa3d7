import { type BoostedRules, BoostedSplitter } from './boosted-split.ts'
import { type BoostingMemory, Figure, FOUND, Found, GROUP, Job, LONGEST, NO_NULLS } from './boosting-memory.ts'
import { addEveryRow, addRows, subtract } from './histogram.ts'
import type { HistogramKernel } from './histogram-kernel.ts'

/**
 * Does the job of `memory` for some features: counts the node's rows by bin and finds the best split of each; if the
 * node is the smaller of two children, the same for its sibling by subtraction from their parent, in whose slot the
 * sibling lives. Features are independent of each other: any thread may do any group.
 */
export class FeatureCounter {
  private readonly memory: BoostingMemory
  private readonly rules: BoostedRules
  private readonly columns: readonly Uint8Array[]
  private readonly kernel: HistogramKernel | null
  private readonly splitter: BoostedSplitter
  private readonly node = { gradient: 0, packed: 0, low: 0, high: 0 }

  constructor(memory: BoostingMemory, rules: BoostedRules, kernel: HistogramKernel | null) {
    const { rows, features } = memory.bins
    const { codes } = memory
    this.kernel = kernel
    this.memory = memory
    this.rules = rules
    this.columns = features.map((_, f) => codes.subarray(f * rows, (f + 1) * rows))
    this.splitter = new BoostedSplitter(rules)
  }

  /** Group `i` of the features of `chosen`. */
  count(i: number): void {
    const { job, chosen } = this.memory
    const features = chosen.subarray(i * GROUP, Math.min((i + 1) * GROUP, job[Job.features]!))
    this.addRows(features)
    const slot = job[Job.slot]!
    const parentSlot = job[Job.parentSlot]!
    for (const feature of features) {
      this.find(slot, feature)
      if (parentSlot < 0) continue
      this.subtract(parentSlot, slot, feature)
      this.find(parentSlot, feature)
    }
  }

  /** Leaves in the parent's slot what is its larger child's. */
  private subtract(parentSlot: number, slot: number, feature: number): void {
    const { histograms, bins } = this.memory
    const at = this.histogramAt(parentSlot, feature)
    const smaller = this.histogramAt(slot, feature)
    const cells = bins.features[feature]!.bins + 1
    const first = histograms.byteOffset
    if (this.kernel) this.kernel.subtract(first + 8 * at, first + 8 * smaller, cells)
    else subtract(histograms, at, smaller, 2 * cells)
  }

  private histogramAt(slot: number, feature: number): number {
    return slot * this.memory.histogramWidth + this.memory.histogramAt[feature]!
  }

  private addRows(features: Int32Array): void {
    const { job, histograms, order, gradients, ordered, bins, spare } = this.memory
    const { columns, kernel } = this
    const slot = job[Job.slot]!
    const start = job[Job.start]!
    const end = job[Job.end]!
    const everyRow = job[Job.everyRow] === 1
    const pairs = everyRow ? gradients : ordered
    for (const feature of features) {
      const at = this.histogramAt(slot, feature)
      histograms.fill(0, at, at + 2 * (bins.features[feature]!.bins + 1))
      if (kernel) continue
      if (everyRow) addEveryRow(histograms, at, columns[feature]!, pairs, end)
      else addRows(histograms, at, columns[feature]!, order, pairs, start, end)
    }
    if (!kernel) return
    const orderAt = order.byteOffset + 4 * start
    const pairsAt = pairs.byteOffset + 16 * start
    // Only the last group lacks features; the first of it is counted in their place, to where nobody looks.
    const present = features.length
    const codesAt = (i: number): number => columns[features[i < present ? i : 0]!]!.byteOffset
    const cellsAt = (i: number): number =>
      i < present
        ? histograms.byteOffset + 8 * this.histogramAt(slot, features[i]!)
        : spare.byteOffset + 8 * LONGEST * (i - 1)
    const codes = [codesAt(0), codesAt(1), codesAt(2), codesAt(3)] as const
    kernel.addRows(...codes, orderAt, pairsAt, end - start, cellsAt(0), cellsAt(1), cellsAt(2), cellsAt(3))
  }

  private find(slot: number, feature: number): void {
    const at = this.histogramAt(slot, feature)
    const { node, splitter } = this
    const { nodes, histograms, found, bins, figures } = this.memory
    const { kind, bins: count } = bins.features[feature]!
    node.gradient = nodes[4 * slot]!
    node.packed = nodes[4 * slot + 1]!
    node.low = nodes[4 * slot + 2]!
    node.high = nodes[4 * slot + 3]!
    splitter.begin(node, figures[Figure.unit]!)
    if (kind === 'numeric') splitter.tryThresholds(histograms, at, count, this.rules.monotone[feature]!)
    else splitter.tryCategories(histograms, at, count)

    const { best } = splitter
    const to = FOUND * (slot * bins.features.length + feature)
    found[to + Found.gain] = best.gain
    if (best.gain === 0) return
    found[to + Found.gradient] = best.left.gradient
    found[to + Found.packed] = best.left.packed
    if (kind === 'numeric') {
      found[to + Found.lastLeft] = best.lastLeft
      found[to + Found.nullLeft] = best.nullLeft === null ? NO_NULLS : Number(best.nullLeft)
    } else {
      const set = [0, 0, 0]
      for (let i = 0; i < best.leftBins; i++) {
        const bin = best.ranked[i]!
        set[bin >> 5]! |= 1 << (bin & 31)
      }
      for (let word = 0; word < set.length; word++) found[to + Found.set + word] = set[word]!
    }
  }
}
