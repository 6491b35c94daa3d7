import type { ColumnContract } from '../../domain/contract.ts'
import type { MadeTokens } from '../../domain/delivery/formats.ts'
import type { ErrorCode } from '../../errors.ts'

/** What the child is asked, as one line of JSON on its standard input. */
export interface ParquetRequest {
  /** The Parquet file: the only one that the child may read. */
  readonly file: string
  /** Where the CSV goes: the only file that it may write. */
  readonly text: string
  readonly key: string
  readonly columns: readonly ColumnContract[]
  readonly tokens: MadeTokens
  /** As DuckDB writes sizes. */
  readonly memoryLimit: string
}

/** What it answers, as JSON on its standard output. `text` goes behind the name of the file. */
export type ParquetAnswer =
  | { readonly rows: number }
  | {
      readonly refused: {
        readonly code: ErrorCode
        readonly text: string
        readonly rule: string
        readonly value: string
        readonly column?: string
      }
    }
