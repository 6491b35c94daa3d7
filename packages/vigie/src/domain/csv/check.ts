import type { ErrorCode } from '../../errors.ts'

/** Which rule a value breaks. */
export interface Finding {
  readonly code: ErrorCode
  readonly text: string
  readonly rule: string
  readonly hint?: string
}

/**
 * Looks at one value, `bytes[start, end)` in valid UTF-8. Null when it is fine. Works on bytes, so that a legal value
 * costs no string.
 */
export type Check = (bytes: Uint8Array, start: number, end: number) => Finding | null

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The value as text, for the few that need one. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end))
}
