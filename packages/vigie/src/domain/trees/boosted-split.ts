import type { GradientSums } from './gradients.ts'

/** The node that is split. */
export interface BoostedNode extends GradientSums {
  /** Bounds of what its leaves may hold: set by monotone splits above it. */
  low: number
  high: number
}

/** The best split of one feature. */
export interface BoostedSplit {
  /** What the split takes from the loss, times two; 0 while there is none. */
  gain: number
  /** Numeric: the last bin that goes left. */
  lastLeft: number
  /** Whether nulls go left; null when the node has none. */
  nullLeft: boolean | null
  /** Sums of the left side. */
  readonly left: GradientSums
  /** Category: how many of `ranked` go left. */
  leftBins: number
  /** Category: the node's bins (null's bin 0 included) by rising gradient for their second derivative. */
  readonly ranked: Int32Array
  rankedBins: number
  /** Room to work in. */
  readonly ratio: Float64Array
}

export interface BoostedRules {
  readonly minRows: number
  readonly l2: number
  /** A feature with 1 may only raise the score, one with -1 only lower it; 0 is free. */
  readonly monotone: Int8Array
}

/** Less is noise of the arithmetic. */
const MIN_GAIN = 1e-9
/** Least second derivative of a leaf, as in LightGBM and scikit-learn: nothing is divided by almost nothing. */
export const MIN_HESSIAN = 1e-3
/** Draws the ratio of rare categories to zero, as in LightGBM. */
const CATEGORY_SMOOTHING = 10

export function emptyBoostedSplit(): BoostedSplit {
  return {
    gain: 0,
    lastLeft: 0,
    nullLeft: null,
    left: { gradient: 0, packed: 0 },
    leftBins: 0,
    ranked: new Int32Array(256),
    rankedBins: 0,
    ratio: new Float64Array(256),
  }
}

/** A Newton step, within the node's bounds: what a leaf of these sums holds before the learning rate. */
export function newtonStep(gradient: number, hessian: number, l2: number, low: number, high: number): number {
  return Math.min(Math.max(-gradient / (hessian + l2), low), high)
}

/** Finds the best split of one feature of one node. A class, because V8 compiles methods once. */
export class BoostedSplitter {
  readonly best = emptyBoostedSplit()
  private readonly rules: BoostedRules
  private readonly bounded: boolean
  private node: BoostedNode = { gradient: 0, packed: 0, low: -Infinity, high: Infinity }
  private unit = 1
  private perUnit = 1
  private rows = 0
  private hessian = 0
  private unsplit = 0

  constructor(rules: BoostedRules) {
    this.rules = rules
    this.bounded = rules.monotone.some((way) => way !== 0)
  }

  /** The node whose features are looked at next. `unit` is what counts a row in its packed sums. */
  begin(node: BoostedNode, unit: number): void {
    this.node = node
    this.unit = unit
    this.perUnit = 1 / unit
    this.rows = Math.floor(node.packed * this.perUnit)
    this.hessian = node.packed - this.rows * unit
    const { gradient, low, high } = node
    this.unsplit = this.bounded
      ? this.boundedScore(gradient, this.hessian, low, high)
      : (gradient * gradient) / (this.hessian + this.rules.l2)
  }

  /** Tries every threshold with nulls on the right, then on the left; the last on the right parts values from nulls. */
  tryThresholds(histogram: Float64Array, at: number, bins: number, monotone: number): void {
    this.best.gain = 0
    if (histogram[at + 1] === 0) this.scanThresholds(histogram, at, bins, monotone, null)
    else {
      this.scanThresholds(histogram, at, bins, monotone, false)
      this.scanThresholds(histogram, at, bins, monotone, true)
    }
  }

  private scanThresholds(
    histogram: Float64Array,
    at: number,
    bins: number,
    monotone: number,
    nullLeft: boolean | null,
  ): void {
    const { best, unit, perUnit, rows, hessian, unsplit, bounded } = this
    const { minRows, l2 } = this.rules
    const nodeGradient = this.node.gradient
    const nullRows = nullLeft === false ? Math.floor(histogram[at + 1]! * perUnit) : 0
    let gradient = nullLeft ? histogram[at]! : 0
    let packed = nullLeft ? histogram[at + 1]! : 0
    for (let bin = 1; bin <= bins; bin++) {
      const inBin = histogram[at + 2 * bin + 1]!
      if (inBin === 0) continue
      gradient += histogram[at + 2 * bin]!
      packed += inBin
      const leftRows = Math.floor(packed * perUnit)
      const left = packed - leftRows * unit
      if (leftRows < minRows || left < MIN_HESSIAN) continue
      const rightRows = rows - leftRows
      const right = hessian - left
      if (rightRows < minRows || right < MIN_HESSIAN) break
      const rightGradient = nodeGradient - gradient
      let gain: number
      if (bounded) {
        // Values against nulls: no two values are parted, so none has to be above another.
        const way = rightRows === nullRows ? 0 : monotone
        gain = this.boundedGain(gradient, left, rightGradient, right, way)
      } else gain = (gradient * gradient) / (left + l2) + (rightGradient * rightGradient) / (right + l2) - unsplit
      if (gain > best.gain && gain > MIN_GAIN) {
        best.gain = gain
        best.lastLeft = bin
        best.nullLeft = nullLeft
        best.left.gradient = gradient
        best.left.packed = packed
      }
    }
  }

  /**
   * Tries sets of categories, null as one more: prefixes of the categories ordered by gradient for their second
   * derivative, which hold the best of all sets (Fisher 1958) but for the smoothing of rare ones.
   */
  tryCategories(histogram: Float64Array, at: number, bins: number): void {
    const { best, unit, perUnit, rows, hessian, unsplit, bounded } = this
    const { minRows, l2 } = this.rules
    best.gain = 0
    this.rank(histogram, at, bins)
    let gradient = 0
    let packed = 0
    for (let i = 0; i < best.rankedBins - 1; i++) {
      const bin = best.ranked[i]!
      gradient += histogram[at + 2 * bin]!
      packed += histogram[at + 2 * bin + 1]!
      const leftRows = Math.floor(packed * perUnit)
      const left = packed - leftRows * unit
      if (leftRows < minRows || left < MIN_HESSIAN) continue
      const right = hessian - left
      if (rows - leftRows < minRows || right < MIN_HESSIAN) break
      const rightGradient = this.node.gradient - gradient
      const gain = bounded
        ? this.boundedGain(gradient, left, rightGradient, right, 0)
        : (gradient * gradient) / (left + l2) + (rightGradient * rightGradient) / (right + l2) - unsplit
      if (gain > best.gain && gain > MIN_GAIN) {
        best.gain = gain
        best.leftBins = i + 1
        best.left.gradient = gradient
        best.left.packed = packed
      }
    }
  }

  private rank(histogram: Float64Array, at: number, bins: number): void {
    const { unit, perUnit } = this
    const { ranked, ratio } = this.best
    let count = 0
    for (let bin = 0; bin <= bins; bin++) {
      const packed = histogram[at + 2 * bin + 1]!
      if (packed === 0) continue
      const hessian = packed - Math.floor(packed * perUnit) * unit
      const own = histogram[at + 2 * bin]! / (hessian + CATEGORY_SMOOTHING)
      let place = count++
      for (; place > 0 && ratio[place - 1]! > own; place--) {
        ratio[place] = ratio[place - 1]!
        ranked[place] = ranked[place - 1]!
      }
      ratio[place] = own
      ranked[place] = bin
    }
    this.best.rankedBins = count
  }

  /** 0 for a split whose sides would be the wrong way round. */
  private boundedGain(leftGradient: number, left: number, rightGradient: number, right: number, way: number): number {
    const { low, high } = this.node
    const { l2 } = this.rules
    if (way !== 0) {
      const rise = newtonStep(rightGradient, right, l2, low, high) - newtonStep(leftGradient, left, l2, low, high)
      if (rise * way < 0) return 0
    }
    return (
      this.boundedScore(leftGradient, left, low, high) +
      this.boundedScore(rightGradient, right, low, high) -
      this.unsplit
    )
  }

  /** What a leaf takes from the loss, times two, with its step held within bounds. */
  private boundedScore(gradient: number, hessian: number, low: number, high: number): number {
    const step = newtonStep(gradient, hessian, this.rules.l2, low, high)
    return -(2 * gradient * step + (hessian + this.rules.l2) * step * step)
  }
}
