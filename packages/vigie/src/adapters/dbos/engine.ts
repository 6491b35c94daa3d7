import { DBOS, type WorkflowHandle } from '@dbos-inc/dbos-sdk'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { dbRetryConfig, INTERNAL_QUEUE_NAME } from '@dbos-inc/dbos-sdk/internal/utils'
import { wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'
import { VigieError } from '../../errors.ts'
import type { AnyFlow } from '../../flows/flow.ts'
import { type Recorder, stepsOf } from '../../flows/steps.ts'
import { quiet } from './quiet.ts'
import { socketPool } from './socket-pool.ts'

/** DBOS in this process, with the parts of it that are not public. Its version is pinned, and the tests cover these. */
export interface Engine {
  /** Begins a run of the flow under this id, in this process. When the id is taken, only follows the run. */
  begin(flow: AnyFlow, id: string, input: unknown): Promise<WorkflowHandle<unknown>>
  /** Whether the run is alive here: in a step, between two, or recording its end. */
  isRunningHere(id: string): boolean
  /** Puts the unfinished runs of these dead workers back in the queue. Counts attempts; safe to call from several. */
  takeOver(deadWorkers: readonly string[]): Promise<void>
  /** Begins what is in the queue now. DBOS looks there once a second by itself. */
  dispatch(): Promise<void>
  stop(): Promise<void>
}

/** After this many deaths in the middle of it a run is given up. */
const MAX_ATTEMPTS = 20

export interface EngineOptions {
  readonly url: string
  readonly workerId: string
  readonly version: string
  readonly flows: readonly AnyFlow[]
}

/** Starts DBOS and brings its tables, schema `dbos`, up to date. One a process. */
export async function startEngine({ url, workerId, version, flows }: EngineOptions): Promise<Engine> {
  if (DBOS.isInitialized()) {
    throw new VigieError('internal', 'this process runs a worker already', { rule: 'one worker a process' })
  }
  // By default DBOS lets up to a minute pass before it looks whether the database is back.
  dbRetryConfig.initialBackoffSec = 0.1
  dbRetryConfig.maxBackoffSec = 2
  const pool = socketPool({
    connectionString: url,
    application_name: 'vigie flows',
    max: 6,
    connectionTimeoutMillis: 5_000,
    // A process that is paused inside a transaction must not hold the rows of its runs.
    idle_in_transaction_session_timeout: 2_000,
    keepAlive: true,
  })
  DBOS.setConfig({
    name: 'vigie',
    systemDatabaseUrl: url,
    systemDatabasePool: pool,
    executorID: workerId,
    applicationVersion: version,
    // No flow waits for messages or events.
    useListenNotify: false,
    logger: quiet,
  })
  const registered = new Map(flows.map((flow) => [flow.name, register(flow)]))
  try {
    await DBOS.launch()
  } catch (error) {
    await DBOS.shutdown({ deregister: true })
    await pool.end()
    throw (error as { error?: Error }).error ?? error
  }
  const executor = DBOSExecutor.globalInstance!
  return {
    begin: (flow, id, input) => DBOS.startWorkflow(registered.get(flow.name)!, { workflowID: id })(input),
    isRunningHere: (id) => executor.systemDatabase.checkForRunningWorkflow(id),
    async takeOver(deadWorkers) {
      await executor.recoverPendingWorkflows([...deadWorkers])
    },
    async dispatch() {
      const queue = wfQueueRunner.getInternalQueue(INTERNAL_QUEUE_NAME)
      await (wfQueueRunner as unknown as QueuePoller).pollQueue(executor, queue)
    },
    async stop() {
      await DBOS.shutdown({ deregister: true })
      await pool.end()
    },
  }
}

/** A private method: what DBOS's own loop calls when the time has come. */
interface QueuePoller {
  pollQueue(executor: DBOSExecutor, queue: unknown): Promise<boolean>
}

type Registered = (input: unknown) => Promise<unknown>

function register(flow: AnyFlow): Registered {
  const record: Recorder = (name, body) => DBOS.runStep(body, { name })
  const run: Registered = (input) => flow.run(stepsOf(flow.name, DBOS.workflowID!, record), input as never)
  return DBOS.registerWorkflow(run, { name: flow.name, maxRecoveryAttempts: MAX_ATTEMPTS })
}
