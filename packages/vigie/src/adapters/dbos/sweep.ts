import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Queries } from '../postgres/database.ts'
import type { Engine } from './engine.ts'

export interface SweepOptions {
  readonly workerId: string
  readonly version: string
  readonly leaseMs: number
}

/**
 * Takes over every unfinished run of this version that nobody works on. It looks at the tables, not at what happened,
 * so that a worker that dies in the middle of it loses nothing: the next sweep finds the same.
 *
 * @returns the workers whose runs it took, and the own runs that it began again
 */
export async function sweep(
  queries: Queries,
  engine: Engine,
  options: SweepOptions,
): Promise<{ readonly from: readonly string[]; readonly strays: readonly string[] }> {
  const from = await deadOwners(queries, options)
  const strays = (await oldRunsOf(queries, options)).filter((id) => !engine.isRunningHere(id))
  if (from.length > 0) await engine.takeOver(from)
  if (strays.length > 0) await DBOS.resumeWorkflows(strays)
  if (from.length + strays.length > 0) await engine.dispatch()
  return { from, strays }
}

async function deadOwners(queries: Queries, { version }: SweepOptions): Promise<string[]> {
  const owners = await queries.rows<{ executor_id: string }>(
    `select distinct executor_id from dbos.workflow_status run
      where status = 'PENDING' and application_name = 'vigie' and application_version = $1
        and not exists (select from vigie.worker where id = run.executor_id and ended_at is null)`,
    [version],
  )
  return owners.map(({ executor_id }) => executor_id)
}

/** Runs that are this worker's by the table. One that it could not record the end of, because the database went away,
 *  is no longer alive here. What was claimed just now may not be alive here yet. */
async function oldRunsOf(queries: Queries, { workerId, leaseMs }: SweepOptions): Promise<string[]> {
  const runs = await queries.rows<{ workflow_uuid: string }>(
    `select workflow_uuid from dbos.workflow_status
      where status = 'PENDING' and application_name = 'vigie' and executor_id = $1
        and updated_at < (extract(epoch from now()) * 1000)::bigint - $2::int`,
    [workerId, leaseMs],
  )
  return runs.map(({ workflow_uuid }) => workflow_uuid)
}
