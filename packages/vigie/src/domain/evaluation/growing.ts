/** Numbers of which it is not known how many will come. */
export class GrowingFloats {
  #values = new Float64Array(4096)
  #length = 0

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  end(): Float64Array {
    return this.#values.slice(0, this.#length)
  }
}

/** Texts as numbers: rows with equal texts have equal ones, from 0 in order of appearance. */
export class GrowingCodes {
  #codes = new Int32Array(4096)
  #length = 0
  readonly names: string[] = []
  /** Line on which each text stands first. */
  readonly firstLines: number[] = []
  readonly #numbers = new Map<string, number>()

  push(text: string, line: number): void {
    let code = this.#numbers.get(text)
    if (code === undefined) {
      code = this.names.length
      this.#numbers.set(text, code)
      this.names.push(text)
      this.firstLines.push(line)
    }
    if (this.#length === this.#codes.length) {
      const larger = new Int32Array(2 * this.#length)
      larger.set(this.#codes)
      this.#codes = larger
    }
    this.#codes[this.#length++] = code
  }

  end(): Int32Array {
    return this.#codes.slice(0, this.#length)
  }
}
