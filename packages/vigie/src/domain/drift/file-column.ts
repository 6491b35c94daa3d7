import type { ColumnKind } from './column-pair.ts'

/** One column of a file of which nothing was known, in one period. */
export interface FileColumn {
  readonly name: string
  readonly rows: number
  readonly holds: Holds
  /** Of integers, floats and booleans (0 and 1), NaN where there is none; else null. */
  readonly numbers: Float64Array | null
  /** Of texts: the place of each row's text in `names`, and -1 where there is none; else null. */
  readonly codes: Int32Array | null
  readonly names: readonly string[]
}

/**
 * What the values of a column are, told as pandas tells them: integers have no null (with one they are floats), a column
 * without any value is one of floats. Only Parquet says that something is a time.
 */
export type Holds = 'integers' | 'floats' | 'booleans' | 'texts' | 'times'

/** How a column is judged. Only `num` and `cat` are; the others are listed. */
export type FileColumnType = ColumnKind | 'text' | 'datetime' | 'unknown'

/** Integers with at most so many distinct values are labels. */
const MOST_INTEGER_LABELS = 10

/**
 * The type of a column that nobody said, as Evidently 0.7 infers it (`infer_column_type`): it looks at the current file
 * only. Booleans with a null are objects to pandas, of which Evidently does not know what they are.
 */
export function inferredType({ holds, numbers, codes, names }: FileColumn): FileColumnType {
  switch (holds) {
    case 'floats':
      return 'num'
    case 'integers':
      return new Set(numbers).size <= MOST_INTEGER_LABELS ? 'cat' : 'num'
    case 'booleans':
      return numbers!.some(Number.isNaN) ? 'unknown' : 'cat'
    case 'texts':
      return names.length > 0.5 * codes!.reduce((n, code) => n + Number(code >= 0), 0) ? 'text' : 'cat'
    case 'times':
      return 'datetime'
  }
}
