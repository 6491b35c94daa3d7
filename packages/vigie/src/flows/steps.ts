import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, VigieError } from '../errors.ts'
import type { Step, StepContext } from '../ports/step.ts'
import { asJson } from './as-json.ts'

/** Runs the body, or gives back what it returned in an earlier life of the run. Engines differ only in this. */
export type Recorder = <T>(name: string, body: () => Promise<T>) => Promise<T>

const FIRST_PAUSE_MS = 200

/**
 * The rules that hold for steps in every engine: names are unique within a run, results are JSON, what fails for a
 * while is tried again.
 */
export function stepsOf(flow: string, run: string, record: Recorder): Step {
  const names = new Set<string>()
  return async (name, body, { retries = 0 } = {}) => {
    if (names.has(name)) {
      throw new VigieError('internal', `step "${name}" is used twice in flow "${flow}"`, {
        rule: 'the name of a step is unique within a run',
        value: name,
      })
    }
    names.add(name)
    return record(name, async () => asJson(await tried(body, `${run}:${name}`, retries), `${flow}.${name}`))
  }
}

async function tried<T>(body: (context: StepContext) => Promise<T>, key: string, retries: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await body({ key, attempt })
    } catch (error) {
      if (attempt > retries || isFinal(error)) throw error
    }
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1))
  }
}

/** An answer that would be the same again. */
const isFinal = (error: unknown): boolean => hasCode(error) && error.kind !== 'temporary'
