import type { BrokenRule, ColumnContract, SourceContract } from '../contract.ts'

/** More rows of a column are null than the definition allows. */
export function tooManyNulls(
  { name: source }: SourceContract,
  { name, maxNullRate = 1, severity = 'reject' }: ColumnContract,
  rows: number,
  total: number,
): BrokenRule {
  const value = `${rows} of ${total} rows`
  return {
    code: 'null_rate',
    source,
    column: name,
    rule: `${name} is null in at most ${percent(maxNullRate)} of the rows`,
    severity,
    text: `${name} is null in ${value}`,
    value,
    rows,
    examples: [],
  }
}

/** More rows are broken than may be left out. */
export function tooManyLeftOut({ name: source, badRows }: SourceContract, rows: number, total: number): BrokenRule {
  const { maxShare = 0, maxRows = 0 } = badRows ?? {}
  const value = `${rows} of ${total} rows`
  return {
    code: 'quarantine_cap',
    source,
    column: null,
    rule: `at most ${maxRows} rows and ${percent(maxShare)} of them are left out, and never all`,
    severity: 'reject',
    text: `${value} are broken: too many to leave out`,
    value,
    rows,
    examples: [],
  }
}

/** 0.07 * 100 is 7.000000000000001. */
const percent = (share: number): string => `${Number((share * 100).toPrecision(12))} %`
