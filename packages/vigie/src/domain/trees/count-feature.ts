import { type BoostedRules, BoostedSplitter } from './boosted-split.ts'
import { type BoostingMemory, FOUND, Found, Job, NO_NULLS } from './boosting-memory.ts'
import { addEveryRow, addRows, subtract } from './histogram.ts'

/**
 * Does the job of `memory` for one feature: counts the node's rows by bin and finds its best split; if the node is the
 * smaller of two children, the same for its sibling by subtraction from their parent, in whose slot the sibling lives.
 * Features are independent of each other: any thread may do any.
 */
export class FeatureCounter {
  private readonly memory: BoostingMemory
  private readonly rules: BoostedRules
  private readonly columns: readonly Uint8Array[]
  private readonly splitter: BoostedSplitter
  private readonly node = { gradient: 0, packed: 0, low: 0, high: 0 }

  constructor(memory: BoostingMemory, rules: BoostedRules) {
    const { rows, features, codes } = memory.bins
    this.memory = memory
    this.rules = rules
    this.columns = features.map((_, f) => codes.subarray(f * rows, (f + 1) * rows))
    this.splitter = new BoostedSplitter(rules)
  }

  /** `i` counts the features of `chosen`. */
  count(i: number): void {
    const { job, chosen, histograms, histogramAt, histogramWidth, order, gradients, ordered, bins } = this.memory
    const feature = chosen[i]!
    const slot = job[Job.slot]!
    const parentSlot = job[Job.parentSlot]!
    const at = slot * histogramWidth + histogramAt[feature]!
    const length = 2 * (bins.features[feature]!.bins + 1)
    const codes = this.columns[feature]!
    const end = job[Job.end]!
    histograms.fill(0, at, at + length)
    if (job[Job.everyRow] === 1) addEveryRow(histograms, at, codes, gradients, end)
    else addRows(histograms, at, codes, order, ordered, job[Job.start]!, end)
    this.find(slot, feature, at)
    if (parentSlot < 0) return
    const parentAt = parentSlot * histogramWidth + histogramAt[feature]!
    subtract(histograms, parentAt, at, length)
    this.find(parentSlot, feature, parentAt)
  }

  private find(slot: number, feature: number, at: number): void {
    const { node, splitter } = this
    const { nodes, histograms, found, bins, unit } = this.memory
    const { kind, bins: count } = bins.features[feature]!
    node.gradient = nodes[4 * slot]!
    node.packed = nodes[4 * slot + 1]!
    node.low = nodes[4 * slot + 2]!
    node.high = nodes[4 * slot + 3]!
    splitter.begin(node, unit[0]!)
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
