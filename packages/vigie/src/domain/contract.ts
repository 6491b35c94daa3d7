import type { ErrorCode } from '../errors.ts'
import type { FeatureType } from './feature-spec.ts'

/** What a broken rule does to a delivery: refuse it, or keep it back until a person has looked and approved. */
export type Severity = 'reject' | 'hold'

/** What one column of a delivered file must hold. */
export interface ColumnContract {
  readonly name: string
  readonly type: FeatureType | 'string' | 'date' | 'timestamp'
  /** True when the source's null tokens are legal here. */
  readonly optional: boolean
  readonly min?: number
  readonly max?: number
  readonly categories?: readonly string[]
  /** Zone of timestamps that carry none, as `Europe/Paris`. Without it they are refused. */
  readonly zone?: string
  /** Which of the two instants is meant by a time that the zone's clocks showed twice. Without it such times are refused. */
  readonly overlap?: 'earlier' | 'later'
  /** Numbers that stand for something else, such as -1 for "not measured": they are no values. */
  readonly sentinels?: readonly number[]
  /** Share of the rows that may be null, 0 to 1. */
  readonly maxNullRate?: number
  /** No value appears in two rows, nulls apart. */
  readonly unique?: boolean
  /** What a value outside of min and max, a sentinel, a repeated value or too many nulls do. `reject` when absent. */
  readonly severity?: Severity
}

/** A column of the same row, or a constant: a number, a category, a boolean, a date `YYYY-MM-DD` or an instant. */
export type Operand<C extends string = string> =
  | { readonly column: C }
  | { readonly constant: number | string | boolean }

/** `left` against `right`. With a null on either side it holds: that a value must be there is what `requires` says. */
export interface Comparison<C extends string = string> {
  readonly kind: 'lessThan' | 'atMost' | 'equal' | 'notEqual'
  readonly left: C
  readonly right: Operand<C>
}

/** Where `left` is not null, `right` is not null either. */
export interface Requirement<C extends string = string> {
  readonly kind: 'requires'
  readonly left: C
  readonly right: { readonly column: C }
}

/** A rule between the columns of one row, as a tree of JSON values. `C` are the names of its columns. */
export interface RowRule<C extends string = string> {
  /** The rule in words; distinct within a file. */
  readonly name: string
  readonly that: Comparison<C> | Requirement<C>
  /** Only rows where this is true are asked; a null on either side makes it false. Null: all rows are. */
  readonly when: Comparison<C> | null
  readonly severity: Severity
}

/** How many rows with broken values may be left out of a file that is otherwise good: both bounds hold. */
export interface QuarantineCap {
  /** Share of the rows, 0 to 1. */
  readonly maxShare: number
  readonly maxRows: number
}

/** What one delivered file must hold. Compiled from the definition; nothing is ever sniffed from the data. */
export interface SourceContract {
  /** Also the file's name without `.csv`. */
  readonly name: string
  /** Column that identifies the entity: present, never null, unique in the file unless it has event times. */
  readonly key: string
  /** Column with the time of each row: the file then has a row an event, not a row an entity. */
  readonly eventTime: string | null
  /** Column that decides between rows of one key and event time: the latest counts. */
  readonly createdTime: string | null
  /** Typed columns, the key included. */
  readonly columns: readonly ColumnContract[]
  /** Columns that must be there although the definition does not use them: kept as text. */
  readonly unused: readonly string[]
  /** `keep`: columns that nobody named are kept as text. `reject`: they are an error. */
  readonly extra: 'keep' | 'reject'
  /** Texts that mean null, for example the empty text. */
  readonly nulls: readonly string[]
  readonly booleans: { readonly true: readonly string[]; readonly false: readonly string[] }
  /** Name of the source that lists every legal key, if there is one. */
  readonly listedIn: string | null
  /** Rules between the columns of a row. */
  readonly rules?: readonly RowRule[]
  /** Date column that is the as_of of the delivery in every row. */
  readonly asOfColumn?: string
  /** Rows with broken values are left out up to this cap. Without it one of them refuses the file. */
  readonly badRows?: QuarantineCap
}

/** Most broken rules that are told of one file. */
export const BROKEN_RULES = 100
/** Most examples of one broken rule. */
export const BROKEN_EXAMPLES = 20

/** One rule that a delivered file breaks, as it is shown to people and kept. */
export interface BrokenRule {
  readonly code: ErrorCode
  /** File name without its ending. */
  readonly source: string
  readonly column: string | null
  /** The rule in words: `hours is at least 0`. */
  readonly rule: string
  readonly severity: Severity
  /** What is wrong, in words. */
  readonly text: string
  /** The first offending value, or what was measured of the whole file; escaped, at most 200 characters. */
  readonly value: string
  /** How many rows break it; null where it is about the whole file. */
  readonly rows: number | null
  /** The first of them; `line` from 1, the header's, or null where nobody knows it. Values as in `value`. */
  readonly examples: readonly { readonly line: number | null; readonly value: string }[]
  readonly hint?: string
}
