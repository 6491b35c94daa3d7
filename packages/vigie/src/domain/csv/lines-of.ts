import { textOf } from './check.ts'
import { CsvScanner, type RowSink } from './scanner.ts'
import { tokenCodes } from './tokens.ts'

/** Most lines that are remembered. */
const LINES = 20

/** Finds the lines of a CSV on which a column holds one of some texts, exactly. Feed it the file in chunks. */
export class LinesOf implements RowSink {
  readonly #scanner = new CsvScanner('', this)
  readonly #column: string
  readonly #code: ReturnType<typeof tokenCodes>
  readonly #texts: readonly string[]
  readonly #found: { readonly line: number; readonly value: string }[] = []
  #header = true
  #index = -1

  constructor(column: string, texts: readonly string[]) {
    this.#column = column
    this.#texts = texts
    this.#code = tokenCodes(new Map(texts.map((text, i) => [text, i])))
  }

  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk)
  }

  /** The first twenty, in the order of the file. */
  end(): readonly { readonly line: number; readonly value: string }[] {
    this.#scanner.end()
    return this.#found
  }

  columnName(): undefined {
    return undefined
  }

  field(index: number, bytes: Uint8Array, start: number, end: number, line: number): void {
    if (this.#header) {
      if (textOf(bytes, start, end) === this.#column) this.#index = index
      return
    }
    if (index !== this.#index || this.#found.length === LINES) return
    const code = this.#code(bytes, start, end)
    if (!Number.isNaN(code)) this.#found.push({ line, value: this.#texts[code]! })
  }

  row(): void {
    this.#header = false
  }
}
