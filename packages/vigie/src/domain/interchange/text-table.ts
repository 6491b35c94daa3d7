import { VigieError } from '../../errors.ts'
import { textOf } from '../csv/check.ts'
import { CsvScanner, type RowSink } from '../csv/scanner.ts'

/** A small CSV as texts: names of the columns, and each column's cells. */
export interface TextTable {
  readonly names: readonly string[]
  readonly columns: readonly (readonly string[])[]
  readonly rows: number
}

const MOST_CELLS = 50_000_000

/** Reads a CSV with a header. Throws `records_invalid`, or what the scanner says of bytes that are no CSV. */
export function textTable(bytes: Uint8Array, file: string): TextTable {
  const sink = new Cells(file)
  const scanner = new CsvScanner(file, sink)
  scanner.push(bytes)
  scanner.end()
  return { names: sink.names, columns: sink.columns, rows: sink.rows }
}

class Cells implements RowSink {
  readonly names: string[] = []
  readonly columns: string[][] = []
  rows = -1
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  columnName(index: number): string | undefined {
    return this.names[index]
  }

  field(index: number, bytes: Uint8Array, start: number, end: number, line: number): void {
    const text = textOf(bytes, start, end)
    if (this.rows < 0) {
      if (this.names.includes(text)) throw recordsInvalid('each column has a name of its own', text, this.#file)
      this.names.push(text)
      this.columns.push([])
      return
    }
    if (index >= this.names.length)
      throw recordsInvalid('rows have as many fields as the header', `line ${line}`, this.#file)
    this.columns[index]!.push(text)
  }

  row(fields: number, line: number): void {
    if (this.rows >= 0 && fields !== this.names.length) {
      throw recordsInvalid('rows have as many fields as the header', `line ${line} has ${fields}`, this.#file)
    }
    this.rows++
    if (this.rows * this.names.length > MOST_CELLS)
      throw recordsInvalid(`at most ${MOST_CELLS} values`, 'more', this.#file)
  }
}

/** The one error of recorded rows and answers. */
export function recordsInvalid(rule: string, value: string, file: string): VigieError {
  return new VigieError('records_invalid', `${file}: ${rule}; this one: ${value}`.slice(0, 300), {
    rule,
    value: value.slice(0, 200),
    file,
  })
}
