import type { ErrorCode } from '../../src/errors.ts'
import type { Files } from './files.ts'
import type { Variation } from './project.ts'

interface Input {
  /** Number in the list of bad inputs. */
  readonly id: `C${number}`
  readonly what: string
  /** What differs from a good delivery. */
  readonly files?: Files
  /** What is done to the folder when the files are there. */
  readonly prepare?: (dir: string) => Promise<void>
  readonly define?: Variation
  /** Date of the delivery. Default 2024-02-29. */
  readonly asOf?: string
}

export interface Refused extends Input {
  readonly code: ErrorCode
  /** Exit status of the command. Default 3: the answer is no. */
  readonly exit?: 1 | 2 | 3
  /** The file that is refused, and kept; null where no file was read. Default `usage.csv`. */
  readonly file?: string | null
  readonly line?: number
  readonly column?: string
  /** The rule is one that only holds the delivery back. */
  readonly held?: true
  readonly details?: object
}

export interface Accepted extends Input {
  /** What must be stored of `usage`, as DuckDB writes it: parts of its rows, in the order of their keys. */
  readonly stored?: readonly Readonly<Record<string, string | null>>[]
  readonly checked?: object
}
