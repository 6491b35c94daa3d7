import { randomUUID } from 'node:crypto'
import { VigieError } from '../../errors.ts'
import type { AnyFlow, Flow } from '../../flows/flow.ts'
import { type DatabaseLocation, explainDatabaseError } from '../postgres/database-errors.ts'
import { type Engine, startEngine } from './engine.ts'
import { startHeartbeat } from './heartbeat.ts'
import { endLease, endLeasesOfDeadProcesses, takeLease } from './lease.ts'
import { followRun, type Run } from './run.ts'
import { startRun } from './start-run.ts'
import { sweep } from './sweep.ts'
import { makeTables } from './tables.ts'
import { workerDatabase } from './worker-database.ts'

export interface WorkerOptions extends DatabaseLocation {
  /** Every flow whose runs this worker may begin or take over. */
  readonly flows: readonly AnyFlow[]
  /** Workers take over runs of their own version only. */
  readonly version: string
  /**
   * After this time without a sign of life a worker is dead for the others: its process, its event loop or its database
   * stood still. A killed one on the same machine is noticed at once. Default 5 s.
   */
  readonly leaseMs?: number
  /**
   * This worker was declared dead, because it was paused or cut off from the database for longer than a lease, and
   * another one has its runs. The process must end: by default it does, with status 1.
   */
  readonly onLost?: () => void
  /** Told when runs are taken over, and when the database does not answer. */
  readonly log?: (text: string) => void
}

/** Runs flows so that they survive this process. */
export interface Worker {
  /** The worker's lease; new for each process. */
  readonly id: string
  /**
   * Begins the run with this id, or attaches to it: a finished one gives its recorded result, one that another worker
   * has is followed, one that failed goes on at the step that failed. The input of the first start counts.
   */
  start<Input, Output>(flow: Flow<Input, Output>, input: Input, options: { readonly id: string }): Promise<Run<Output>>
  /** Gives the lease back, so that other workers take over at once what is unfinished. End the process soon after. */
  stop(): Promise<void>
}

/**
 * Starts the worker of this process. The database must be migrated.
 *
 * What a killed worker left unfinished on this machine goes on before this returns; what was left elsewhere goes on
 * when its lease has expired.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { url, flows, version, leaseMs = 5_000, onLost = endProcess, log = () => undefined } = options
  checkNames(flows)
  const id = randomUUID()
  const database = workerDatabase(options)
  const { queries } = database

  async function takeOver(engine: Engine): Promise<void> {
    const { from, strays } = await sweep(queries, engine, { workerId: id, version, leaseMs })
    for (const worker of from) log(`took over the runs of worker ${worker}`)
    for (const run of strays) log(`began run ${run} again: its end could not be recorded`)
  }

  async function begin(): Promise<Engine> {
    const engine = await database.alone(async () => {
      await makeTables(queries, url)
      await takeLease(queries, id, version)
      return startEngine({ url, workerId: id, version, flows })
    })
    for (const worker of await endLeasesOfDeadProcesses(queries, id)) log(`worker ${worker} is dead`)
    await takeOver(engine)
    return engine
  }

  const engine = await begin().catch(async (error) => {
    await database.close()
    throw explainDatabaseError(error, options)
  })
  const heartbeat = startHeartbeat({
    queries,
    workerId: id,
    leaseMs,
    sweep: () => takeOver(engine),
    lost() {
      log(`worker ${id} was declared dead by another one`)
      onLost()
    },
    log,
  })
  return {
    id,
    async start(flow, input, { id: run }) {
      if (!flows.some(({ name }) => name === flow.name)) {
        throw new VigieError('internal', `the worker was not given flow "${flow.name}"`, { value: flow.name })
      }
      return followRun(await startRun({ queries, engine, version }, flow, input, run))
    },
    async stop() {
      await heartbeat.stop()
      await engine.stop()
      await endLease(queries, id)
      await database.close()
    },
  }
}

function checkNames(flows: readonly AnyFlow[]): void {
  const names = flows.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) {
    throw new VigieError('internal', `two flows have the name "${twice}"`, { value: twice })
  }
}

function endProcess(): void {
  process.exit(1)
}
