import type { Target } from '../model/target.ts'

/**
 * What the rows of a fit lose by their sums, with its derivatives by them: the log loss of one logistic output or of a
 * softmax of several, or half the squared error.
 */
export class RowLosses {
  readonly outputs: number
  private readonly kind: Target['kind']
  private readonly label: Float64Array
  private readonly weight: Float64Array | null
  /** Probabilities of each output at the last `at`. */
  private readonly probabilities: readonly Float64Array[]

  constructor(kind: Target['kind'], outputs: number, label: Float64Array, weight: Float64Array | null) {
    this.kind = kind
    this.outputs = outputs
    this.label = label
    this.weight = weight
    this.probabilities = Array.from({ length: kind === 'number' ? 0 : outputs }, () => new Float64Array(label.length))
  }

  /** The weighted loss at these sums. Leaves its derivatives by each of them in `slopes`. */
  at(sums: readonly Float64Array[], slopes: readonly Float64Array[]): number {
    if (this.kind === 'binary') return this.logistic(sums[0]!, slopes[0]!)
    if (this.kind === 'number') return this.squared(sums[0]!, slopes[0]!)
    return this.softmax(sums, slopes)
  }

  /** Where the sums move by `steps`, the slopes move by this, to first order. */
  curvature(steps: readonly Float64Array[], out: readonly Float64Array[]): void {
    const { label, weight, probabilities, outputs, kind } = this
    for (let i = 0; i < label.length; i++) {
      const w = weight === null ? 1 : weight[i]!
      if (kind === 'number') out[0]![i] = w * steps[0]![i]!
      else if (kind === 'binary') {
        const p = probabilities[0]![i]!
        out[0]![i] = w * p * (1 - p) * steps[0]![i]!
      } else {
        let mean = 0
        for (let k = 0; k < outputs; k++) mean += probabilities[k]![i]! * steps[k]![i]!
        for (let k = 0; k < outputs; k++) out[k]![i] = w * probabilities[k]![i]! * (steps[k]![i]! - mean)
      }
    }
  }

  /** Second derivative by the sum of output `k` alone. */
  diagonal(k: number, out: Float64Array): void {
    for (let i = 0; i < out.length; i++) {
      const w = this.weight === null ? 1 : this.weight[i]!
      const p = this.kind === 'number' ? 0 : this.probabilities[k]![i]!
      out[i] = this.kind === 'number' ? w : w * p * (1 - p)
    }
  }

  private squared(sums: Float64Array, slopes: Float64Array): number {
    let loss = 0
    for (let i = 0; i < sums.length; i++) {
      const w = this.weight === null ? 1 : this.weight[i]!
      const error = sums[i]! - this.label[i]!
      loss += 0.5 * w * error * error
      slopes[i] = w * error
    }
    return loss
  }

  private logistic(sums: Float64Array, slopes: Float64Array): number {
    const p = this.probabilities[0]!
    let loss = 0
    for (let i = 0; i < sums.length; i++) {
      const w = this.weight === null ? 1 : this.weight[i]!
      const s = sums[i]!
      const y = this.label[i]!
      // log(1 + e^s) - y s, without overflow
      const e = Math.exp(-Math.abs(s))
      loss += w * (Math.log1p(e) + Math.max(s, 0) - y * s)
      p[i] = s >= 0 ? 1 / (1 + e) : e / (1 + e)
      slopes[i] = w * (p[i]! - y)
    }
    return loss
  }

  private softmax(sums: readonly Float64Array[], slopes: readonly Float64Array[]): number {
    const { probabilities, outputs } = this
    let loss = 0
    for (let i = 0; i < this.label.length; i++) {
      const w = this.weight === null ? 1 : this.weight[i]!
      const y = this.label[i]!
      let greatest = Number.NEGATIVE_INFINITY
      for (let k = 0; k < outputs; k++) greatest = Math.max(greatest, sums[k]![i]!)
      let total = 0
      for (let k = 0; k < outputs; k++) {
        probabilities[k]![i] = Math.exp(sums[k]![i]! - greatest)
        total += probabilities[k]![i]!
      }
      for (let k = 0; k < outputs; k++) {
        probabilities[k]![i]! /= total
        slopes[k]![i] = w * (probabilities[k]![i]! - (k === y ? 1 : 0))
      }
      loss += w * (Math.log(total) + greatest - sums[y]![i]!)
    }
    return loss
  }
}
