import { DBOS, type WorkflowHandle, type WorkflowStatus } from '@dbos-inc/dbos-sdk'
import { VigieError } from '../../errors.ts'
import { asJson } from '../../flows/as-json.ts'
import type { Flow } from '../../flows/flow.ts'
import type { Queries } from '../postgres/database.ts'
import type { Engine } from './engine.ts'
import { isLive } from './lease.ts'
import { dbosErrorCode, UNEXPECTED_STEP } from './run-errors.ts'

export interface RunStarter {
  readonly queries: Queries
  readonly engine: Engine
  readonly version: string
}

/**
 * Sees to it that the run with this id goes on or is done, and gives the handle to follow it:
 * - unknown: it begins here, now
 * - being worked on, by this worker or another, or done: nothing to do
 * - failed, cancelled or given up: it goes on at the step that failed; the steps before are not run again
 * - left behind by a worker of another version: it begins again under this one, because the steps may have changed
 */
export async function startRun<Input, Output>(
  { queries, engine, version }: RunStarter,
  flow: Flow<Input, Output>,
  input: Input,
  id: string,
): Promise<WorkflowHandle<unknown>> {
  const known = await DBOS.getWorkflowStatus(id)
  if (known === null) return engine.begin(flow, id, asJson(input, `input of ${flow.name}`))
  if (known.workflowName !== flow.name) {
    throw new VigieError('internal', `run ${id} is one of flow "${known.workflowName}", not of "${flow.name}"`, {
      rule: 'the id of a run names one run of one flow',
      value: id,
    })
  }
  if (known.status !== 'SUCCESS') await goOn({ queries, engine, version }, known)
  return DBOS.retrieveWorkflow(id)
}

async function goOn({ queries, engine, version }: RunStarter, run: WorkflowStatus): Promise<void> {
  if (!['PENDING', 'ENQUEUED', 'DELAYED'].includes(run.status)) {
    await rewind(engine, run.workflowID, await failedStep(run), version)
  } else if (run.applicationVersion !== version && !(await isWorkedOn(queries, run))) {
    await DBOS.cancelWorkflow(run.workflowID)
    await rewind(engine, run.workflowID, 0, version)
  }
}

async function isWorkedOn(queries: Queries, { status, executorId }: WorkflowStatus): Promise<boolean> {
  return status === 'PENDING' && executorId !== undefined && (await isLive(queries, executorId))
}

async function rewind(engine: Engine, id: string, startStep: number, version: string): Promise<void> {
  try {
    await DBOS.rewindWorkflow(id, { startStep, applicationVersion: version })
  } catch (error) {
    // Somebody else asked for the same and was first.
    const now = await DBOS.getWorkflowStatus(id)
    if (now?.status !== 'PENDING' && now?.status !== 'ENQUEUED' && now?.status !== 'SUCCESS') throw error
  }
  await engine.dispatch()
}

/** Number of the step to go on with. A run may catch the error of a step, so only the last one ended the run. */
async function failedStep({ workflowID, error }: WorkflowStatus): Promise<number> {
  // The flow was changed: what is recorded belongs to other steps.
  if (dbosErrorCode(error) === UNEXPECTED_STEP) return 0
  const steps = (await DBOS.listWorkflowSteps(workflowID)) ?? []
  const last = steps.at(-1)
  if (last === undefined) return 0
  return last.error === null ? last.functionID + 1 : last.functionID
}
