import { type ErrorCode, type ErrorDetails, hasCode, VigieError } from '../../errors.ts'

/** From the pool to a worker. A worker has one task at a time, so nothing needs a number. */
export interface TaskMessage {
  readonly task: string
  readonly input: unknown
}

/** From a worker to the pool: any number of `progress`, then one of the others. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: PlainError }

/** An error on its way between threads, which would strip it of everything but its message. */
export interface PlainError {
  readonly code: ErrorCode
  readonly message: string
  readonly details: ErrorDetails
  readonly stack: string
}

/** Keeps code, details and hint; what has no code becomes `out_of_memory` or `internal`. */
export function toPlainError(task: string, thrown: unknown): PlainError {
  const stack = (thrown instanceof Error && thrown.stack) || String(thrown)
  if (hasCode(thrown)) {
    const { code, message, details, hint } = thrown
    return { code, message, details: { ...details, hint }, stack }
  }
  // V8 has no other sign for it.
  const noMemory = thrown instanceof RangeError && /^Array buffer allocation failed/.test(thrown.message)
  return {
    code: noMemory ? 'out_of_memory' : 'internal',
    message: `the task ${task} failed: ${thrown}`,
    details: { task },
    stack,
  }
}

export function fromPlainError({ code, message, details, stack }: PlainError): VigieError {
  const error = new VigieError(code, message, details)
  error.stack = stack
  return error
}
