import type { VigieError } from '../../errors.ts'
import { textOf } from '../csv/check.ts'
import { COLUMNS } from '../csv/checked-rows.ts'
import { excerptOf } from '../csv/excerpt.ts'
import { refusal } from '../csv/refusal.ts'
import { CsvScanner, type RowSink } from '../csv/scanner.ts'
import { isLegalName, LEGAL_NAME } from '../legal-name.ts'
import { type ColumnProfile, ColumnProfiler } from './column-profile.ts'

/** What was seen in one file of a delivery. Plain data. */
export interface FileProfile {
  /** File name without its ending. */
  readonly name: string
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
}

/**
 * Reads a delivered CSV of which nothing is known, chunk by chunk, in bounded memory. What makes a file no CSV is
 * refused as at an ingest: bytes, quotes, ragged rows, names that no column can have.
 *
 * @example
 * const profiler = new FileProfiler('usage', 'usage.csv', ['user_id'])
 * for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) profiler.push(chunk)
 * const { rows, columns } = profiler.end()
 */
export class FileProfiler {
  readonly #rows: ProfiledRows
  readonly #scanner: CsvScanner

  /** `keys`: the columns of which to know whether they identify a row. */
  constructor(name: string, file: string, keys: readonly string[]) {
    this.#rows = new ProfiledRows(name, file, new Set(keys))
    this.#scanner = new CsvScanner(file, this.#rows)
  }

  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk)
  }

  end(): FileProfile {
    this.#scanner.end()
    return this.#rows.profile()
  }

  /** The column names, once the first line was read. */
  get header(): readonly string[] | null {
    return this.#rows.header
  }
}

class ProfiledRows implements RowSink {
  readonly #name: string
  readonly #file: string
  readonly #keys: ReadonlySet<string>
  readonly #names: string[] = []
  #columns: readonly ColumnProfiler[] | null = null
  #rows = 0

  constructor(name: string, file: string, keys: ReadonlySet<string>) {
    this.#name = name
    this.#file = file
    this.#keys = keys
  }

  get header(): readonly string[] | null {
    return this.#columns ? this.#names : null
  }

  columnName(index: number): string | undefined {
    return this.#columns ? this.#names[index] : undefined
  }

  field(index: number, bytes: Uint8Array, start: number, end: number, line: number): void {
    if (this.#columns === null) this.#names.push(this.#legal(textOf(bytes, start, end)))
    else if (index === this.#columns.length) throw this.#ragged(`more than ${index} fields`, line)
    else this.#columns[index]!.see(bytes, start, end)
  }

  row(fields: number, line: number): void {
    if (this.#columns === null)
      this.#columns = this.#names.map((name) => new ColumnProfiler(name, this.#keys.has(name)))
    else if (fields < this.#columns.length) throw this.#ragged(fields === 1 ? '1 field' : `${fields} fields`, line)
    else this.#rows++
  }

  profile(): FileProfile {
    if (this.#columns === null || this.#rows === 0) {
      const [code, text] = this.#columns
        ? (['no_rows', 'has a header and no rows'] as const)
        : (['empty_file', 'is empty'] as const)
      throw refusal(code, this.#file, { text, rule: 'a file has a header and rows', value: '0 rows' })
    }
    return { name: this.#name, rows: this.#rows, columns: this.#columns.map((column) => column.profile()) }
  }

  #legal(name: string): string {
    const value = excerptOf(name)
    const at = { value, line: 1 }
    if (this.#names.length === COLUMNS) {
      throw refusal('too_many_columns', this.#file, {
        ...at,
        text: `has more than ${COLUMNS} columns`,
        rule: `a file has at most ${COLUMNS} columns`,
      })
    }
    if (this.#names.includes(name)) {
      throw refusal('duplicate_column', this.#file, {
        ...at,
        text: `the header names "${value}" twice`,
        rule: 'a header names each column once',
      })
    }
    if (!isLegalName(name)) {
      const legal = legalised(name)
      const hint = legal === null ? undefined : `Rename the column "${value}" to "${legal}" where the file is made.`
      throw refusal('column_invalid', this.#file, {
        ...at,
        text: `a column cannot be called "${value}"`,
        rule: LEGAL_NAME,
        hint,
      })
    }
    return name
  }

  #ragged(fields: string, line: number): VigieError {
    return refusal('ragged_row', this.#file, {
      text: `the row has ${fields}, the header ${this.#names.length}`,
      rule: 'each row has as many fields as the header',
      value: fields,
      line,
    })
  }
}

/** The legal name that is nearest to a text, or null: `Monthly Fee (EUR)` becomes `monthly_fee_eur`. */
export function legalised(text: string): string | null {
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_\d]+|_+$/g, '')
    .slice(0, 63)
  return isLegalName(name) ? name : null
}
