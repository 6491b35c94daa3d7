import { type ErrorCode, VigieError } from '../../errors.ts'
import type { BrokenRule } from '../contract.ts'

/** What is wrong at one place of a file. */
export interface Refusal {
  readonly text: string
  readonly rule: string
  /** As people may see it: see `excerpt`. */
  readonly value: string
  /** From 1; every LF begins another, also inside quotes. */
  readonly line?: number | undefined
  readonly column?: string | undefined
  readonly hint?: string | undefined
  /** Position of the byte in the file, from 0. */
  readonly offset?: number
  /** All broken rules of the file, this one first. */
  readonly broken?: readonly BrokenRule[]
}

/** The error for one broken rule of `file`. Every message says where: some of its readers see nothing else. */
export function refusal(code: ErrorCode, file: string, { text, ...what }: Refusal): VigieError {
  const line = what.line === undefined ? '' : ` line ${what.line}`
  const details = Object.entries({ ...what, file }).filter(([, value]) => value !== undefined)
  return new VigieError(code, `${file}${line}: ${text}`, Object.fromEntries(details))
}
