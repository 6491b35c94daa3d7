import type { Linear } from '../linear/linear.ts'

/**
 * Explains rows of a linear model: a feature contributes what its terms differ by from their means over the training
 * rows, times their coefficients. These are the Shapley values when the other features are as they are in the mean
 * (Strumbelj and Kononenko 2014), with all terms of a category, and its null, taken together.
 */
export class LinearExplainer {
  readonly outputs: number
  private readonly linear: Linear
  private readonly features: number
  /** By output and feature: the mean of what its terms add. */
  private readonly means: Float64Array

  constructor(linear: Linear) {
    const { terms, coefficients, center } = linear
    this.linear = linear
    this.features = center.length
    this.outputs = coefficients.length / (1 + terms.count)
    this.means = new Float64Array(this.outputs * this.features)
    for (let k = 0; k < this.outputs; k++) {
      for (let f = 0; f < this.features; f++) this.means[k * this.features + f] = this.mean(k, f)
    }
  }

  /** Writes the contributions to the sums into `phi`: output `k`, feature `f` at `k * features + f`. */
  explain(row: Float64Array, phi: Float64Array): void {
    const { features, outputs, means } = this
    for (let k = 0; k < outputs; k++) {
      for (let f = 0; f < features; f++) phi[k * features + f] = this.added(k, f, row[f]!) - means[k * features + f]!
    }
  }

  /** The sums for a row all of whose terms are in the mean of the training rows. */
  bases(): Float64Array {
    const { terms, coefficients } = this.linear
    return Float64Array.from({ length: this.outputs }, (_, k) => {
      let sum = coefficients[k * (1 + terms.count)]!
      for (let f = 0; f < this.features; f++) sum += this.means[k * this.features + f]!
      return sum
    })
  }

  private added(k: number, f: number, x: number): number {
    const { terms, coefficients, center, scale } = this.linear
    const at = k * (1 + terms.count) + 1
    if (Number.isNaN(x)) return terms.ofNull[f]! >= 0 ? coefficients[at + terms.ofNull[f]!]! : 0
    if (terms.categories[f]! > 0) return coefficients[at + terms.start[f]! + x]!
    return coefficients[at + terms.start[f]!]! * ((x - center[f]!) / scale[f]!)
  }

  private mean(k: number, f: number): number {
    const { terms, coefficients, means } = this.linear
    const at = k * (1 + terms.count) + 1
    const last = terms.start[f]! + Math.max(1, terms.categories[f]!)
    let sum = 0
    for (let term = terms.start[f]!; term < last; term++) sum += means[term]! * coefficients[at + term]!
    if (terms.ofNull[f]! >= 0) sum += means[terms.ofNull[f]!]! * coefficients[at + terms.ofNull[f]!]!
    return sum
  }
}
