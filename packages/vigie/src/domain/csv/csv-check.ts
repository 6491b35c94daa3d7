import type { VigieError } from '../../errors.ts'
import type { AsOf } from '../as-of.ts'
import type { BrokenRule, SourceContract } from '../contract.ts'
import { CheckedRows } from './checked-rows.ts'
import { CsvScanner } from './scanner.ts'

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
 * Checks a delivered CSV against its contract, chunk by chunk: bytes, structure, header, every value and row.
 *
 * `push` and `end` throw VigieErrors with rule, value, file, line and column. What is no CSV of these columns (bytes,
 * quotes, header, number of fields) is thrown where it stands: what follows has no meaning. Broken values are counted to
 * the end of the file, so that a supplier can mend all of them at once; `end` then throws the first rule that was broken.
 * Either way `details.broken` tells every broken rule. When a row has the wrong number of fields, that is what is said,
 * and not that its shifted values are wrong.
 *
 * @example
 * const check = new CsvCheck(contract)
 * for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) check.push(chunk)
 * const { rows, header } = check.end()
 */
export class CsvCheck {
  readonly #rows: CheckedRows
  readonly #scanner: CsvScanner

  /** `asOf` is the date of the delivery, which the contract's `asOfColumn` must carry; without one it is not asked. */
  constructor(contract: SourceContract, { asOf }: { readonly asOf?: AsOf | undefined } = {}) {
    this.#rows = new CheckedRows(contract, asOf)
    this.#scanner = new CsvScanner(this.#rows.file, this.#rows)
  }

  push(chunk: Uint8Array): void {
    this.#told(() => this.#scanner.push(chunk))
  }

  end(): CsvSummary {
    return this.#told(() => {
      this.#scanner.end()
      return { ...this.#rows.summary(), bom: this.#scanner.bom }
    })
  }

  #told<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw this.#rows.withBroken(error as VigieError)
    }
  }
}
