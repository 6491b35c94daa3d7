import type { Reason } from '../domain/promotion/decision.ts'
import { type ErrorCode, type ErrorKind, hasCode, type VigieError } from '../errors.ts'
import type { Rejection } from './outcome.ts'

/** The kinds of error that say "this delivery is not acceptable", as opposed to "try again" or "fix the program". */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(['rejected', 'conflict', 'integrity', 'limit'])

/** True for an error about what was delivered. */
export function isRefusal(error: unknown): error is VigieError {
  return hasCode(error) && REFUSALS.has(error.kind)
}

/** Turns a refusal into a value: the loop goes on to the next delivery. Every other error goes up. */
export async function orRejected<T>(work: Promise<T>): Promise<T | { readonly rejected: Rejection }> {
  try {
    return await work
  } catch (error) {
    if (!isRefusal(error)) throw error
    const { code, message, hint, details } = error
    const { rule = null, value = null, file = null, line = null } = details
    const report = typeof details.report === 'string' ? details.report : null
    const held = details.severity === 'hold'
    return { rejected: { code, message, rule, value, file, line, hint, held, report } }
  }
}

/** Why a date may bring no challenger, or no new champion. */
const NO_CHALLENGER: ReadonlySet<ErrorCode> = new Set(['too_few_rows', 'labels_immature', 'gap', 'parity_mismatch'])

/** Turns rows that allow no challenger into a reason to hold: the champion stays, and the next date brings others. */
export async function orHeld<T>(work: Promise<T>): Promise<T | { readonly held: Reason }> {
  try {
    return await work
  } catch (error) {
    if (!hasCode(error) || !NO_CHALLENGER.has(error.code)) throw error
    const { code, message, hint, details } = error
    return { held: { kind: 'hold', code, value: details.value ?? null, bound: null, text: message, fix: hint } }
  }
}
