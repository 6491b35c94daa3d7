import type { QuarantineCap } from '../contract.ts'

/** The places of rows that are left out, as long as there may be more of them: neighbours are one range. */
export class LeftOutRows {
  readonly #cap: QuarantineCap
  readonly #ranges: number[] = []
  rows = 0

  constructor(cap: QuarantineCap) {
    this.#cap = cap
  }

  /** Leaves out the row in bytes `[start, end)` of the file. */
  add(start: number, end: number): void {
    this.rows++
    if (this.rows > this.#cap.maxRows) return
    if (this.#ranges.at(-1) === start) this.#ranges[this.#ranges.length - 1] = end
    else this.#ranges.push(start, end)
  }

  /** True when so many of `total` rows may be left out. */
  isWithin(total: number): boolean {
    // A quotient is rounded as the literal is: 29 / 100 is 0.29, while 0.29 * 100 is less than 29.
    return this.rows <= this.#cap.maxRows && this.rows / total <= this.#cap.maxShare
  }

  get ranges(): Float64Array {
    return Float64Array.from(this.#ranges)
  }
}
