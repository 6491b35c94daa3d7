import { VigieError } from '../../errors.ts'
import type { Queries } from '../postgres/database.ts'
import { hasSqlState } from '../postgres/database-errors.ts'
import { type RunStatus, runStatus } from './run-status.ts'

/** One run of a flow, as `vigie runs` shows it. */
export interface RunSummary {
  readonly id: string
  readonly flow: string
  readonly status: RunStatus
  /** No live worker has it: the next one that starts goes on with it. */
  readonly interrupted: boolean
  /** Finished steps. */
  readonly steps: number
  /** Times that it was begun or taken over. */
  readonly attempts: number
  readonly version: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly changedAt: string
}

interface Row {
  readonly id: string
  readonly flow: string
  readonly status: string
  readonly live: boolean
  readonly steps: number
  readonly attempts: number
  readonly version: string
  readonly started: number
  readonly changed: number
}

/** The newest runs, newest first. Only reads: a short command must not start an engine to look. */
export async function listRuns(queries: Queries, { limit = 50 } = {}): Promise<RunSummary[]> {
  const rows = await ifAny(() =>
    queries.rows<Row>(
      `select workflow_uuid as id, name as flow, status, recovery_attempts::int as attempts,
              application_version as version, created_at::float8 as started, updated_at::float8 as changed,
              exists (select from vigie.worker where id = run.executor_id and ended_at is null) as live,
              (select count(*)::int from dbos.operation_outputs step
                where step.workflow_uuid = run.workflow_uuid and step.error is null) as steps
         from dbos.workflow_status run where application_name = 'vigie'
        order by created_at desc, workflow_uuid limit $1`,
      [limit],
    ),
  )
  return rows.map((row) => ({
    id: row.id,
    flow: row.flow,
    status: runStatus(row.status),
    interrupted: row.status === 'PENDING' && !row.live,
    steps: row.steps,
    attempts: row.attempts,
    version: row.version,
    startedAt: new Date(row.started).toISOString(),
    changedAt: new Date(row.changed).toISOString(),
  }))
}

/**
 * Ends a run: it stops before its next step. Starting it again goes on there.
 *
 * @returns false when it had ended already
 * @throws `run_unknown`
 */
export async function cancelRun(queries: Queries, id: string): Promise<boolean> {
  // The same statement as DBOS's own; without an owner the worker that has the run can record nothing more.
  const [cancelled] = await ifAny(() =>
    queries.rows(
      `update dbos.workflow_status
          set status = 'CANCELLED', owner_xid = null, queue_name = null, deduplication_id = null,
              started_at_epoch_ms = null, updated_at = (extract(epoch from now()) * 1000)::bigint,
              completed_at = (extract(epoch from now()) * 1000)::bigint
        where workflow_uuid = $1 and status in ('PENDING', 'ENQUEUED', 'DELAYED') returning workflow_uuid`,
      [id],
    ),
  )
  if (cancelled !== undefined) return true
  const [known] = await ifAny(() => queries.rows('select 1 from dbos.workflow_status where workflow_uuid = $1', [id]))
  if (known === undefined) throw new VigieError('run_unknown', `there is no run ${id}`, { value: id })
  return false
}

/** DBOS's tables come with the first worker; before it there are no runs. */
async function ifAny<T>(query: () => Promise<T[]>): Promise<T[]> {
  try {
    return await query()
  } catch (error) {
    if (hasSqlState(error, '42P01') || hasSqlState(error, '3F000')) return []
    throw error
  }
}
