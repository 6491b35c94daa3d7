import { VigieError } from '../errors.ts'
import { type AsOf, asOf } from './as-of.ts'
import { textOf } from './csv/check.ts'
import { CsvScanner, type RowSink } from './csv/scanner.ts'
import { type Fingerprints, fingerprints, merged } from './fingerprint.ts'

/** The column of a file of keys that holds the date of a row. */
const AS_OF = 'as_of'

/**
 * Reads which rows a model was trained on: a CSV with a column of keys and, if rows are of several dates, a column `as_of`.
 * Only fingerprints are kept. Feed it the file in chunks.
 *
 * @throws `column_missing`, `null_not_allowed`, `as_of_invalid`, `no_rows`, and what the bytes of a CSV may break
 */
export class TrainingKeys implements RowSink {
  readonly #scanner: CsvScanner
  readonly #file: string
  readonly #key: string
  readonly #date: AsOf
  readonly #keysOf = new Map<AsOf, string[]>()
  #header: string[] | null = []
  #keyAt = -1
  #dateAt = -1
  #row: { key: string; date: string | null } = { key: '', date: null }

  /** `date` is that of rows in a file without `as_of`. */
  constructor(file: string, key: string, date: AsOf) {
    this.#file = file
    this.#key = key
    this.#date = date
    this.#scanner = new CsvScanner(file, this)
  }

  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk)
  }

  end(secret: Uint8Array): { readonly fingerprints: Fingerprints; readonly rows: number } {
    this.#scanner.end()
    const parts = [...this.#keysOf].map(([date, keys]) => ({ keys, ...fingerprints(secret, keys, date) }))
    const rows = parts.reduce((total, { keys }) => total + keys.length, 0)
    if (rows === 0) {
      throw new VigieError('no_rows', `${this.#file} has no rows`, {
        rule: 'a file of training keys has a row for each row that was trained on',
        value: '0 rows',
        file: this.#file,
      })
    }
    return { fingerprints: merged(parts), rows }
  }

  columnName(): undefined {
    return undefined
  }

  field(index: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#header) this.#header.push(textOf(bytes, start, end))
    else if (index === this.#keyAt) this.#row.key = textOf(bytes, start, end)
    else if (index === this.#dateAt) this.#row.date = textOf(bytes, start, end)
  }

  row(fields: number, line: number): void {
    if (this.#header) {
      this.#columns(this.#header)
      return
    }
    const { key, date } = this.#row
    this.#row = { key: '', date: null }
    if (fields <= Math.max(this.#keyAt, this.#dateAt) || key === '') {
      throw new VigieError('null_not_allowed', `a row of ${this.#file} has no ${this.#key}`, {
        rule: 'every row names its key',
        value: '',
        file: this.#file,
        line,
        column: this.#key,
      })
    }
    const of = date === null ? this.#date : asOf(date)
    const keys = this.#keysOf.get(of)
    if (keys) keys.push(key)
    else this.#keysOf.set(of, [key])
  }

  #columns(header: readonly string[]): void {
    this.#keyAt = header.indexOf(this.#key)
    this.#dateAt = header.indexOf(AS_OF)
    this.#header = null
    if (this.#keyAt !== -1) return
    throw new VigieError('column_missing', `${this.#file} has no column "${this.#key}"`, {
      rule: `a file of training keys has a column ${this.#key}, and ${AS_OF} when its rows are of several dates`,
      value: header.join(', ').slice(0, 200),
      file: this.#file,
      column: this.#key,
    })
  }
}
