/** `key` names the effect (`run:step`): give it to whatever must happen once. */
export interface StepContext {
  readonly key: string
  readonly attempt: number
}

export interface StepOptions {
  readonly retries?: number
}

/**
 * Runs one named piece of a flow and remembers its result, which must be JSON. After a crash the flow runs again and
 * finished steps return what they returned before. A piece that was cut off runs again: it must be idempotent.
 */
export type Step = <T>(name: string, body: (context: StepContext) => Promise<T>, options?: StepOptions) => Promise<T>
