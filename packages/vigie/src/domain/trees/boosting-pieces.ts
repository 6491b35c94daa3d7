import { type BoostedLoss, boostedLoss } from './boosted-loss.ts'
import type { BoostedRules } from './boosted-split.ts'
import { type BoostingMemory, Figure, Job, JobKind, PIECE } from './boosting-memory.ts'
import { FeatureCounter } from './count-feature.ts'
import { roundGradients } from './gradients.ts'
import { addStep, gather, partRows } from './histogram.ts'
import { type HistogramKernel, histogramKernel } from './histogram-kernel.ts'
import { LEAF } from './packed.ts'
import type { TrainingSet } from './training-set.ts'

/** Does pieces of the job that `memory` names, in the thread that made it. Any thread may do any piece. */
export class BoostingPieces {
  private readonly memory: BoostingMemory
  private readonly kernel: HistogramKernel | null
  private readonly counter: FeatureCounter
  private readonly loss: BoostedLoss
  private readonly numbers = { shift: 0, scale: 1 }
  private readonly rough = { gradients: 0, hessians: 0 }
  private readonly sums = { gradient: 0, packed: 0 }

  constructor(memory: BoostingMemory, rules: BoostedRules, set: TrainingSet) {
    this.memory = memory
    this.kernel = memory.kernelMemory && histogramKernel(memory.kernelMemory)
    this.counter = new FeatureCounter(memory, rules, this.kernel)
    this.loss = boostedLoss(set, memory, this.numbers)
  }

  do(piece: number): void {
    const { job, bins } = this.memory
    const start = job[Job.start]! + piece * PIECE
    const end = Math.min(job[Job.end]!, start + PIECE)
    if (job[Job.kind] === JobKind.count) this.counter.count(piece)
    else if (job[Job.kind] === JobKind.copyCodes) this.copyCodes(piece, bins.rows)
    else if (job[Job.kind] === JobKind.part) this.part(piece, start, end)
    else if (job[Job.kind] === JobKind.place) this.place(piece, start, end)
    else if (job[Job.kind] === JobKind.gather) this.gather(start, end)
    else if (job[Job.kind] === JobKind.addSteps) this.addSteps(start, end)
    else if (job[Job.kind] === JobKind.addOthers) this.addOthers(start, end)
    else this.differentiate(piece, start, end)
  }

  private copyCodes(feature: number, rows: number): void {
    const { codes, bins } = this.memory
    codes.set(bins.codes.subarray(feature * rows, (feature + 1) * rows), feature * rows)
  }

  private differentiate(piece: number, start: number, end: number): void {
    const { job, order, others, gradients, partial, figures } = this.memory
    const { loss, rough, sums } = this
    this.numbers.shift = figures[Figure.shift]!
    this.numbers.scale = figures[Figure.scale]!
    if (job[Job.kind] === JobKind.logSums) loss.begin?.(start, end)
    else if (job[Job.kind] === JobKind.loss) partial[2 * piece] = loss.sum(others, start, end)
    else if (job[Job.kind] === JobKind.gradients) {
      loss.derive(gradients, rough, order, start, end, job[Job.output]!)
      partial[2 * piece] = rough.gradients
      partial[2 * piece + 1] = rough.hessians
    } else {
      roundGradients(gradients, sums, order, start, end, {
        gradientStep: figures[Figure.gradientStep]!,
        hessianStep: figures[Figure.hessianStep]!,
        unit: figures[Figure.unit]!,
      })
      partial[2 * piece] = sums.gradient
      partial[2 * piece + 1] = sums.packed
    }
  }

  /** Brings the gradient pairs of positions together. */
  private gather(start: number, end: number): void {
    const { order, gradients, ordered } = this.memory
    const orderAt = order.byteOffset + 4 * start
    if (this.kernel) this.kernel.gather(orderAt, gradients.byteOffset, end - start, ordered.byteOffset + 16 * start)
    else gather(ordered, gradients, order, start, end)
  }

  /** Parts the rows of a piece within its range of `parted`. */
  private part(piece: number, start: number, end: number): void {
    const { job, order, parted, codes, bins, partial, tree } = this.memory
    const split = job[Job.split]!
    const column = tree.featureOf[split]! * bins.rows
    const table = split << 8
    if (this.kernel) {
      const [orderAt, partedAt] = [order.byteOffset + 4 * start, parted.byteOffset + 4 * start]
      const tableAt = tree.goesLeft.byteOffset + table
      partial[2 * piece] = this.kernel.partRows(codes.byteOffset + column, tableAt, orderAt, end - start, partedAt)
    } else {
      const columnCodes = codes.subarray(column, column + bins.rows)
      partial[2 * piece] = partRows(parted, order, columnCodes, tree.goesLeft.subarray(table, table + 256), start, end)
    }
  }

  /** Brings the rows of a piece to their sides of the node, and the pairs of one side together. */
  private place(piece: number, start: number, end: number): void {
    const { job, order, parted, partial } = this.memory
    const left = partial[2 * piece]!
    const leftBefore = partial[2 * piece + 1]!
    const leftAt = job[Job.start]! + leftBefore
    const rightAt = job[Job.middle]! + (start - job[Job.start]!) - leftBefore
    const rightEnd = rightAt + (end - start) - left
    order.set(parted.subarray(start, start + left), leftAt)
    let last = end - 1
    for (let i = rightAt; i < rightEnd; i++) order[i] = parted[last--]!
    if (job[Job.gathered] === 0) this.gather(leftAt, leftAt + left)
    if (job[Job.gathered] === 1) this.gather(rightAt, rightEnd)
  }

  /** Adds the steps of the leaves to the scores of the tree's own rows. */
  private addSteps(start: number, end: number): void {
    const { job, order, bins, tree } = this.memory
    const from = job[Job.output]! * bins.rows
    for (let slot = 0; slot < job[Job.leaves]!; slot++) {
      const first = Math.max(start, tree.start[slot]!)
      const last = Math.min(end, tree.end[slot]!)
      if (first < last) this.addStep(from, order, first, last, tree.values[2 * tree.at[slot]!]!)
    }
  }

  private addStep(from: number, order: Int32Array, start: number, end: number, step: number): void {
    const { scores, bins } = this.memory
    if (this.kernel) this.kernel.addStep(order.byteOffset + 4 * start, end - start, step, scores.byteOffset + 8 * from)
    else addStep(scores.subarray(from, from + bins.rows), order, start, end, step)
  }

  /** Adds them to the scores of other rows, which walk the tree by their bins. */
  private addOthers(start: number, end: number): void {
    const { job, scores, others, bins, codes, tree } = this.memory
    const { words, values, splitOf, featureOf, goesLeft } = tree
    const from = job[Job.output]! * bins.rows
    for (let i = start; i < end; i++) {
      const row = others[i]!
      let node = 0
      while (words[4 * node + 2] !== LEAF) {
        const split = splitOf[node]!
        const bin = codes[featureOf[split]! * bins.rows + row]!
        node = words[4 * node + 3]! + 1 - goesLeft[(split << 8) | bin]!
      }
      scores[from + row]! += values[2 * node]!
    }
  }
}
