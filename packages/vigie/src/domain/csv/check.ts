import type { ErrorCode } from '../../errors.ts'
import type { Severity } from '../contract.ts'

/** Which rule a value breaks. One object for all values that break it: a file may have millions of them. */
export interface Finding {
  readonly code: ErrorCode
  readonly text: string
  readonly rule: string
  readonly hint?: string
  /** The next action for one offending text, where it depends on it. */
  readonly hintFor?: (text: string) => string | undefined
  /** True when only the contract speaks against the value: it could be stored as it is. */
  readonly storable?: true
  /** What the finding does, where the column has no say. */
  readonly severity?: Severity
}

/**
 * Looks at one value, `bytes[start, end)` in valid UTF-8. Null when it is fine. Works on bytes, so that a legal value
 * costs no string.
 */
export type Check = (bytes: Uint8Array, start: number, end: number) => Finding | null

/** Reads one value as a number; NaN when it is null, or none of its type. */
export type ReadNumber = (bytes: Uint8Array, start: number, end: number) => number

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The value as text, for the few that need one. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end))
}
