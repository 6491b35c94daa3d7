import { type ErrorCode, hasCode, VigieError } from '../../errors.ts'
import type { AsOf } from '../as-of.ts'
import { brokenRuleOf } from '../broken-rule.ts'
import type { ColumnContract, Severity, SourceContract } from '../contract.ts'
import { BrokenRules } from './broken-rules.ts'
import { type Check, type Finding, textOf } from './check.ts'
import { columnCheck } from './column-check.ts'
import type { CsvSummary } from './csv-check.ts'
import { excerpt, excerptOf } from './excerpt.ts'
import { tooManyLeftOut, tooManyNulls } from './file-rules.ts'
import { checkHeader } from './header.ts'
import { LeftOutRows } from './left-out-rows.ts'
import { type Refusal, refusal } from './refusal.ts'
import { type BrokenRow, RowRules } from './row-rules.ts'
import type { RowSink } from './scanner.ts'
import { equalBytes } from './tokens.ts'

/** Most columns of a file. */
export const COLUMNS = 1000

/** Something that the current row breaks. */
interface Pending {
  readonly finding: Finding
  readonly column: string
  readonly severity: Severity
  readonly line: number
  readonly value: string
  /** True when no row with it may be left out. */
  readonly fatal: boolean
}

/** The rows of a file as they are checked against its contract. */
export class CheckedRows implements RowSink {
  readonly file: string
  readonly #contract: SourceContract
  readonly #asOf: AsOf | undefined
  readonly #header: string[] = []
  readonly #headerBytes: Uint8Array[] = []
  /** One a column of the file; null where any text is legal. */
  #checks: readonly (Check | null)[] | null = null
  #columns: readonly (ColumnContract | null)[] = []
  #rules: RowRules | null = null
  readonly #nulls = new Map<ColumnContract, number>()
  readonly #broken: BrokenRules
  readonly #leftOut: LeftOutRows | null
  /** Columns that say what a row is about. */
  readonly #identity: ReadonlySet<string | null | undefined>
  readonly #pending: Pending[] = []
  /** Of the row that is judged. */
  #line = 0
  readonly #breaks = ({ rule: { severity, that }, finding, shown }: BrokenRow): void => {
    const value = this.#broken.isFull(finding, that.left) ? '' : shown()
    this.#pending.push({ finding, column: that.left, severity, line: this.#line, value, fatal: false })
  }
  #total = 0
  #accepted = 0
  /** The current row repeats the header so far. */
  #repeatsHeader = false

  constructor(contract: SourceContract, asOf: AsOf | undefined) {
    const { name, key, eventTime, createdTime, asOfColumn, badRows } = contract
    this.file = `${name}.csv`
    this.#contract = contract
    this.#asOf = asOf
    this.#broken = new BrokenRules(name)
    this.#leftOut = badRows ? new LeftOutRows(badRows) : null
    this.#identity = new Set([key, eventTime, createdTime, asOfColumn])
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
    if (this.#rules !== null) this.#rules.field(index, bytes, start, end)
    const check = checks[index]!
    if (check === null) return
    const finding = check(bytes, start, end)
    if (finding !== null) this.#found(finding, this.#columns[index]!, bytes, start, end, line)
  }

  row(fields: number, line: number, start: number, end: number): void {
    if (this.#checks === null) {
      this.#begin()
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
    this.#total++
    if (this.#pending.length > 0 || this.#rules !== null) this.#judge(line, start, end)
    else this.#accepted++
  }

  /** What was found, when the file ends well. */
  summary(): Omit<CsvSummary, 'bom'> {
    if (this.#checks === null) {
      throw this.#refusal('empty_file', { text: 'is empty', rule: 'a file has a header and rows', value: '' })
    }
    if (this.#total === 0) {
      throw this.#refusal('no_rows', {
        text: 'has a header and no rows',
        rule: 'a file has a header and rows',
        value: '0 rows',
      })
    }
    const leftOut = this.#leftOut
    if (leftOut && (!leftOut.isWithin(this.#total) || this.#accepted === 0)) {
      this.#broken.addOfFile(tooManyLeftOut(this.#contract, leftOut.rows, this.#total))
    }
    for (const [column, nulls] of this.#nulls) {
      if (nulls / this.#total <= column.maxNullRate!) continue
      this.#broken.addOfFile(tooManyNulls(this.#contract, column, nulls, this.#total))
    }
    const refused = this.#broken.refusal()
    if (refused) throw refused
    if (this.#accepted + (leftOut?.rows ?? 0) !== this.#total) {
      throw new VigieError('internal', `${this.file}: rows were lost between acceptance and quarantine`, {
        rule: 'accepted + quarantined = total',
        value: `${this.#accepted} + ${leftOut?.rows ?? 0}, ${this.#total}`,
      })
    }
    return {
      rows: this.#accepted,
      quarantined:
        leftOut && leftOut.rows > 0
          ? { rows: leftOut.rows, ranges: leftOut.ranges, broken: this.#broken.list('reject') }
          : null,
      held: this.#broken.list('hold'),
      header: this.#header,
    }
  }

  /** The same error, which tells all rules that were broken so far. */
  withBroken(error: VigieError): VigieError {
    if (!hasCode(error) || error.code === 'internal' || error.details.broken !== undefined) return error
    const { code, message, hint, details } = error
    const broken = [brokenRuleOf(this.#contract.name, error), ...this.#broken.list()]
    return new VigieError(code, message, { ...details, hint, broken })
  }

  #begin(): void {
    const contract = this.#contract
    checkHeader(this.file, this.#header, contract)
    const declared = new Map(contract.columns.map((column) => [column.name, column]))
    this.#columns = this.#header.map((name) => declared.get(name) ?? null)
    this.#checks = this.#columns.map((column) => {
      if (column === null) return null
      const onNull =
        column.maxNullRate === undefined ? undefined : () => this.#nulls.set(column, (this.#nulls.get(column) ?? 0) + 1)
      return columnCheck(column, contract, { asOf: this.#asOf, onNull })
    })
    if (contract.rules && contract.rules.length > 0) this.#rules = new RowRules(contract, contract.rules, this.#header)
  }

  #found(finding: Finding, column: ColumnContract, bytes: Uint8Array, start: number, end: number, line: number): void {
    const { name } = column
    this.#pending.push({
      finding,
      column: name,
      severity: severityOf(finding, column),
      line,
      value: this.#broken.isFull(finding, name) ? '' : excerpt(bytes, start, end),
      fatal: this.#identity.has(name),
    })
  }

  /** Accepts a complete row, leaves it out, or notes that the file is refused. */
  #judge(line: number, start: number, end: number): void {
    const pending = this.#pending
    // The values of a row that is refused anyway may be none.
    if (this.#rules !== null && !pending.some(isRejected)) {
      this.#line = line
      this.#rules.ask(this.#breaks)
    }
    const rejected = pending.some(isRejected)
    const leaveOut = rejected && this.#leftOut !== null && !pending.some((one) => isRejected(one) && one.fatal)
    for (const { finding, ...one } of pending) {
      // What would only hold a row back does not hold a file without this row.
      if (leaveOut && one.severity === 'hold') continue
      this.#broken.add(finding, { ...one, fatal: one.severity === 'reject' && !leaveOut })
    }
    if (leaveOut) this.#leftOut!.add(start, end)
    else this.#accepted++
    pending.length = 0
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

const isRejected = ({ severity }: Pending): boolean => severity === 'reject'

function severityOf({ storable, severity }: Finding, column: ColumnContract): Severity {
  return severity ?? (storable === true ? (column.severity ?? 'reject') : 'reject')
}
