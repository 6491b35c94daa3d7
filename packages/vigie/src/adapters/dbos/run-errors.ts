import { hasCode, VigieError } from '../../errors.ts'

/** `dbosErrorCode` of DBOS's errors, which is how they are told apart after a journey through the database. */
const MAX_ATTEMPTS_EXCEEDED = [18, 30]
const CANCELLED = [24, 27]
export const UNEXPECTED_STEP = 26

/**
 * The error of a run as its caller should see it. Ours come back from the database as plain errors that carry a code,
 * and are made whole again; those of the engine get a name and a next action; others are faults and stay as they are.
 */
export function asRunError(error: unknown, run: string): unknown {
  if (error instanceof VigieError) return error
  if (hasCode(error)) {
    return new VigieError(error.code, error.message, { ...error.details, hint: error.hint, cause: error })
  }
  const code = dbosErrorCode(error)
  if (code === null) return error
  if (CANCELLED.includes(code)) return new VigieError('run_cancelled', `run ${run} was cancelled`, { value: run })
  if (MAX_ATTEMPTS_EXCEEDED.includes(code)) {
    return new VigieError('run_failed', `run ${run} was given up: its process died each time that it was tried`, {
      value: run,
      cause: error,
    })
  }
  return new VigieError('run_failed', `run ${run}: ${(error as Error).message}`, { value: run, cause: error })
}

export function dbosErrorCode(error: unknown): number | null {
  const code = (error as { dbosErrorCode?: unknown } | null | undefined)?.dbosErrorCode
  return typeof code === 'number' ? code : null
}
