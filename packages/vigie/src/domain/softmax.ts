/** Probabilities from log-odds up to a constant, in place: the `classes` numbers from `at` on. */
export function softmax(out: Float64Array, at = 0, classes: number = out.length): void {
  let greatest = Number.NEGATIVE_INFINITY
  for (let k = at; k < at + classes; k++) greatest = Math.max(greatest, out[k]!)
  let total = 0
  for (let k = at; k < at + classes; k++) {
    out[k] = Math.exp(out[k]! - greatest)
    total += out[k]!
  }
  for (let k = at; k < at + classes; k++) out[k]! /= total
}
