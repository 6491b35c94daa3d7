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
}
