import type { ErrorCode, VigieError } from '../../errors.ts'
import type { AsOf } from '../as-of.ts'
import type { BrokenRule, SourceContract } from '../contract.ts'
import { type Check, textOf } from './check.ts'
import { columnCheck } from './column-check.ts'
import { excerpt, excerptOf } from './excerpt.ts'
import { checkHeader } from './header.ts'
import { type Refusal, refusal } from './refusal.ts'
import { CsvScanner, type RowSink } from './scanner.ts'
import { equalBytes } from './tokens.ts'

/** Most columns of a file. */
export const COLUMNS = 1000

/** Rows that the cap of the contract allows to leave out. */
export interface QuarantinedRows {
  readonly rows: number
  /** Where they stand: pairs of first byte and the byte after the last, newline included, in the text as it was pushed. */
  readonly ranges: Float64Array
  readonly broken: readonly BrokenRule[]
}

export interface CsvSummary {
  /** Rows that are accepted; with the quarantined ones they are all rows of the file. */
  readonly rows: number
  readonly quarantined: QuarantinedRows | null
  /** Broken rules that keep the delivery back until somebody approves their codes. */
  readonly held: readonly BrokenRule[]
  /** Column names in the order of the file. */
  readonly header: readonly string[]
  /** True when the file began with a byte-order mark. */
  readonly bom: boolean
}

/**
 * Checks a delivered CSV against its contract, chunk by chunk: bytes, structure, header and every value. `push` and
 * `end` throw the first broken rule as VigieError with rule, value, file, line and column. When a row has the wrong
 * number of fields, that is what is said, and not that its shifted values are wrong.
 *
 * @example
 * const check = new CsvCheck(contract)
 * for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) check.push(chunk)
 * const { rows, header } = check.end()
 */
export class CsvCheck {
  readonly #rows: CheckedRows
  readonly #scanner: CsvScanner

  /** `asOf` is the date of the delivery, which rules about it are asked with; without one they are not asked. */
  constructor(contract: SourceContract, _options: { readonly asOf?: AsOf } = {}) {
    this.#rows = new CheckedRows(contract)
    this.#scanner = new CsvScanner(this.#rows.file, this.#rows)
  }

  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk)
  }

  end(): CsvSummary {
    this.#scanner.end()
    return { ...this.#rows.summary(), quarantined: null, held: [], bom: this.#scanner.bom }
  }
}

class CheckedRows implements RowSink {
  readonly file: string
  readonly #contract: SourceContract
  readonly #header: string[] = []
  readonly #headerBytes: Uint8Array[] = []
  /** One a column of the file; null where any text is legal. */
  #checks: readonly (Check | null)[] | null = null
  #rows = 0
  /** What is wrong with a value of the current row. */
  #found: VigieError | null = null
  /** The current row repeats the header so far. */
  #repeatsHeader = false

  constructor(contract: SourceContract) {
    this.file = `${contract.name}.csv`
    this.#contract = contract
  }

  columnName(index: number): string | undefined {
    return this.#checks ? this.#header[index] : undefined
  }

  field(index: number, bytes: Uint8Array, start: number, end: number, line: number): void {
    const checks = this.#checks
    if (checks === null) {
      this.#name(index, bytes, start, end)
      return
    }
    if (index === checks.length) throw this.#ragged(`more than ${checks.length} fields`, line)
    if (index === 0 || this.#repeatsHeader) {
      this.#repeatsHeader = equalBytes(this.#headerBytes[index]!, bytes, start, end)
    }
    const check = checks[index]!
    if (check === null || this.#found !== null) return
    const finding = check(bytes, start, end)
    if (finding === null) return
    const { code, text, ...rest } = finding
    const value = excerpt(bytes, start, end)
    const column = this.#header[index]
    this.#found = this.#refusal(code, { text: `${column} "${value}" ${text}`, value, line, column, ...rest })
  }

  row(fields: number, line: number): void {
    if (this.#checks === null) {
      checkHeader(this.file, this.#header, this.#contract)
      const declared = new Map(this.#contract.columns.map((column) => [column.name, column]))
      this.#checks = this.#header.map((name) => {
        const column = declared.get(name)
        return column ? columnCheck(column, this.#contract) : null
      })
      return
    }
    if (fields < this.#checks.length) throw this.#ragged(fields === 1 ? '1 field' : `${fields} fields`, line)
    if (this.#repeatsHeader) {
      throw this.#refusal('repeated_header', {
        text: 'repeats the header',
        rule: 'the header stands in the first line only',
        value: excerptOf(this.#header.join(',')),
        line,
      })
    }
    if (this.#found) throw this.#found
    this.#rows++
  }

  summary(): { readonly rows: number; readonly header: readonly string[] } {
    if (this.#checks === null) {
      throw this.#refusal('empty_file', { text: 'is empty', rule: 'a file has a header and rows', value: '' })
    }
    if (this.#rows === 0) {
      throw this.#refusal('no_rows', {
        text: 'has a header and no rows',
        rule: 'a file has a header and rows',
        value: '0 rows',
      })
    }
    return { rows: this.#rows, header: this.#header }
  }

  #name(index: number, bytes: Uint8Array, start: number, end: number): void {
    if (index === COLUMNS) {
      throw this.#refusal('too_many_columns', {
        text: `has more than ${COLUMNS} columns`,
        rule: `a file has at most ${COLUMNS} columns`,
        value: excerpt(bytes, start, end),
        line: 1,
      })
    }
    this.#header.push(textOf(bytes, start, end))
    this.#headerBytes.push(bytes.slice(start, end))
  }

  #ragged(fields: string, line: number): VigieError {
    return this.#refusal('ragged_row', {
      text: `the row has ${fields}, the header ${this.#header.length}`,
      rule: 'each row has as many fields as the header',
      value: fields,
      line,
    })
  }

  #refusal(code: ErrorCode, what: Refusal): VigieError {
    return refusal(code, this.file, what)
  }
}
