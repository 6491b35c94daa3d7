import { textOf } from '../csv/check.ts'
import { floatCheck, readNumber } from '../csv/numbers.ts'
import { GrowingCodes, GrowingFloats } from '../evaluation/growing.ts'
import type { FileColumn } from './file-column.ts'

/** What `pandas.read_csv` takes for no value. */
const NULLS = new Set([
  ...['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA'],
  ...['NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
])
const BOOLEANS: ReadonlyMap<string, 0 | 1> = new Map([
  ...(['True', 'TRUE', 'true'] as const).map((text) => [text, 1] as const),
  ...(['False', 'FALSE', 'false'] as const).map((text) => [text, 0] as const),
])
const isNumber = floatCheck({ name: '', type: 'float', optional: false })
/** Numbers that pandas reads too, beyond those that a delivery may hold: `+1`, `.5`, `5.`, `007`, padded, infinite. */
const OTHER_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const INFINITE = /^[+-]?inf(inity)?$/i
const WHOLE = /^[+-]?\d+$/

/** A column of numbers may still turn out to be one of texts; beyond so many texts it is known to be one of numbers. */
const MOST_TEXTS_OF_NUMBERS = 4096
const ZERO = 48
const MINUS = 45

/** Takes the values of one column as text, and tells at the end what they are. */
export class FileColumnBuilder {
  readonly name: string
  readonly #times: boolean
  #rows = 0
  #nulls = 0
  #whole = true
  /** Null once a value was no number. */
  #numbers: GrowingFloats | null = new GrowingFloats()
  /** '' stands for no value. Null while all are numbers, and too many for labels. */
  #texts: GrowingCodes | null = new GrowingCodes()

  constructor(name: string, times: boolean) {
    this.name = name
    this.#times = times
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    this.#rows++
    if (start === end) {
      this.#null()
      return
    }
    if (this.#numbers !== null && isNumber(bytes, start, end) === null) {
      this.#whole &&= isWhole(bytes, start, end)
      this.#numbers.push(readNumber(bytes, start, end))
      if (this.#texts !== null) this.#label(textOf(bytes, start, end))
      return
    }
    const text = textOf(bytes, start, end)
    if (NULLS.has(text)) {
      this.#null()
      return
    }
    if (this.#numbers !== null) {
      const value = otherNumber(text.trim())
      if (value === null) this.#endNumbers()
      else {
        this.#whole &&= WHOLE.test(text.trim())
        this.#numbers.push(value)
      }
    }
    this.#label(text)
  }

  end(): FileColumn {
    const { name } = this
    const rows = this.#rows
    if (this.#numbers !== null) {
      const holds = this.#whole && this.#nulls === 0 ? 'integers' : 'floats'
      return { name, rows, holds: this.#times ? 'times' : holds, numbers: this.#numbers.end(), codes: null, names: [] }
    }
    const codes = this.#texts!.end()
    const { names } = this.#texts!
    if (names.every((text) => text === '' || BOOLEANS.has(text))) {
      const numbers = Float64Array.from(codes, (code) => BOOLEANS.get(names[code]!) ?? Number.NaN)
      return { name, rows, holds: 'booleans', numbers, codes: null, names: [] }
    }
    return { name, rows, holds: this.#times ? 'times' : 'texts', numbers: null, ...withoutNull(codes, names) }
  }

  #null(): void {
    this.#nulls++
    this.#numbers?.push(Number.NaN)
    this.#texts?.push('', 0)
  }

  #label(text: string): void {
    this.#texts?.push(text, 0)
    if (this.#numbers !== null && (this.#texts?.names.length ?? 0) > MOST_TEXTS_OF_NUMBERS) this.#texts = null
  }

  #endNumbers(): void {
    if (this.#texts === null) {
      this.#texts = new GrowingCodes()
      for (const value of this.#numbers!.end()) this.#texts.push(Number.isNaN(value) ? '' : String(value), 0)
    }
    this.#numbers = null
  }
}

function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = bytes[start] === MINUS ? start + 1 : start; at < end; at++) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) return false
  }
  return true
}

function otherNumber(text: string): number | null {
  if (OTHER_NUMBER.test(text)) return Number(text)
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return null
}

function withoutNull(codes: Int32Array, names: readonly string[]): Pick<FileColumn, 'codes' | 'names'> {
  const none = names.indexOf('')
  if (none === -1) return { codes, names }
  return {
    codes: codes.map((code) => (code === none ? -1 : code > none ? code - 1 : code)),
    names: names.toSpliced(none, 1),
  }
}
