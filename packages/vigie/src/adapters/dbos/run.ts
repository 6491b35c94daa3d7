import type { WorkflowHandle } from '@dbos-inc/dbos-sdk'
import { VigieError } from '../../errors.ts'
import { asRunError } from './run-errors.ts'
import { type RunStatus, runStatus } from './run-status.ts'

export interface Run<Output> {
  readonly id: string
  /** Waits for the end. Rejects with the run's error, which keeps its code, details and hint. */
  result(): Promise<Output>
  status(): Promise<RunStatus>
}

/** How often the end of a run that does not run here is looked for. One look costs a fraction of a millisecond. */
const POLL_MS = 20

export function followRun<Output>(handle: WorkflowHandle<unknown>): Run<Output> {
  const id = handle.workflowID
  return {
    id,
    async result() {
      try {
        return (await handle.getResult({ pollingIntervalMs: POLL_MS })) as Output
      } catch (error) {
        throw asRunError(error, id)
      }
    },
    async status() {
      const found = await handle.getStatus()
      if (found === null) throw new VigieError('run_unknown', `there is no run ${id}`, { value: id })
      return runStatus(found.status)
    },
  }
}
