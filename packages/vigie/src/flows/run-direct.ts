import { asJson } from './as-json.ts'
import type { Flow } from './flow.ts'
import { type Recorder, stepsOf } from './steps.ts'

/**
 * Runs a flow here and now, without an engine and without a database, under the same rules. For tests, and for work
 * that may be lost.
 *
 * @param recorded results of steps by name. Steps found there do not run, others are added: pass the same map again to
 *   go on where a run was cut off.
 */
export async function runDirect<Input, Output>(
  flow: Flow<Input, Output>,
  input: Input,
  { id = flow.name, recorded = new Map<string, unknown>() } = {},
): Promise<Output> {
  const record: Recorder = async <T>(name: string, body: () => Promise<T>): Promise<T> => {
    if (!recorded.has(name)) recorded.set(name, await body())
    return recorded.get(name) as T
  }
  const output = await flow.run(stepsOf(flow.name, id, record), asJson(input, `input of ${flow.name}`))
  return asJson(output, `output of ${flow.name}`)
}
