import type { QuarantineCap, RowRule } from '../domain/contract.ts'
import type { Gates } from '../domain/gates/gates.ts'
import { VigieError } from '../errors.ts'

/** How values are written in CSV files. */
export interface CsvTokens {
  readonly nulls: readonly string[]
  readonly booleans: { readonly true: readonly string[]; readonly false: readonly string[] }
}

/**
 * `csv({ nulls: [''], booleans: ['True', 'False'] })`: only these texts mean null, true and false; anything else in
 * such a column is an error. The default takes the empty text for null and `true`/`True`, `false`/`False`.
 */
export function csv(
  options: { readonly nulls?: readonly string[]; readonly booleans?: readonly [string, string] } = {},
): CsvTokens {
  const { nulls = [''], booleans } = options
  return {
    nulls,
    booleans: booleans
      ? { true: [booleans[0]], false: [booleans[1]] }
      : { true: ['True', 'true'], false: ['False', 'false'] },
  }
}

/**
 * `badRows: quarantineRows({ maxShare: 0.001, maxRows: 1000 })`: rows with a broken value or row rule are left out of a
 * file and kept aside, as long as there are no more of them than both bounds allow. Rules about keys, times and
 * the structure of the file refuse it whatever the cap is.
 */
export function quarantineRows(cap: QuarantineCap): QuarantineCap {
  const { maxShare, maxRows } = cap
  if (!(maxShare > 0 && maxShare <= 1)) {
    throw new VigieError(
      'definition_invalid',
      `quarantineRows({ maxShare: ${maxShare} }) allows no share of the rows`,
      {
        rule: 'maxShare lies above 0 and is at most 1',
        value: String(maxShare),
      },
    )
  }
  if (!(Number.isSafeInteger(maxRows) && maxRows >= 1 && maxRows <= QUARANTINED_ROWS)) {
    throw new VigieError('definition_invalid', `quarantineRows({ maxRows: ${maxRows} }) allows no number of rows`, {
      rule: `maxRows is a whole number from 1 to ${QUARANTINED_ROWS}`,
      value: String(maxRows),
    })
  }
  return cap
}

/** The places of all of them are kept in memory. */
const QUARANTINED_ROWS = 1_000_000

/** What every declaration that reads a file can say about it. `C` are the columns that its rules may name. */
export interface FileOptions<C extends string = string> {
  /** Overrides the project's tokens for this file. */
  readonly csv?: CsvTokens
  /** Columns that the file has and the definition does not use. They are kept as text. */
  readonly unused?: readonly string[]
  /** `keep` also keeps columns that nobody named; the default refuses the file. */
  readonly extra?: 'keep' | 'reject'
  /** Rules between the columns of a row: `rule('refunds are at most the fee', atMost('refund', 'monthly_fee'))`. */
  readonly rules?: readonly RowRule<C>[]
  /**
   * The column with the date of the delivery: every row must carry its as_of. Declared by this name alone, or as an
   * `f.date()` of its own.
   */
  readonly asOfColumn?: string
  /** What becomes of rows with broken values: see `quarantineRows`. The default refuses the file. */
  readonly badRows?: QuarantineCap
  /** What is asked of the whole file: see `gates`. Every file is asked the defaults. */
  readonly gates?: Gates
}
