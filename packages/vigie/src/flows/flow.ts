import { VigieError } from '../errors.ts'
import type { Step } from '../ports/step.ts'

/**
 * A piece of work that survives the death of its process. `run` is an ordinary function that puts everything with an
 * effect or a cost into steps; between the steps it only decides, and decides the same when it runs again with the
 * same input and the same step results. Input and output are JSON.
 */
export interface Flow<Input, Output> {
  /** Stored with each run: renaming a flow orphans its unfinished runs. */
  readonly name: string
  readonly run: (step: Step, input: Input) => Promise<Output>
}

/** A flow whose types do not matter, as an element of a list. */
export type AnyFlow = Flow<never, unknown>

/**
 * Names a function as a flow. The result is a plain value: give it to `startWorker` to make its runs durable, or to
 * `runDirect`.
 *
 * @example
 * const greet = flow('greet', async (step, input: { name: string }) => {
 *   const id = await step('store', ({ key }) => store(key, input.name))
 *   return { id }
 * })
 */
export function flow<Input, Output>(name: string, run: Flow<Input, Output>['run']): Flow<Input, Output> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new VigieError('internal', `"${name}" is no name for a flow`, {
      rule: 'lower-case letters, digits and _, and a letter first',
      value: name,
    })
  }
  return { name, run }
}
