import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connectionConfig } from '../postgres/connection.ts'
import { type Queries, queriesOn } from '../postgres/database.ts'
import { type DatabaseLocation, explainDatabaseError } from '../postgres/database-errors.ts'

/** Connections for the worker's own bookkeeping. A lease is renewed in time even while the flows use up theirs. */
export interface WorkerDatabase {
  readonly queries: Queries
  /** Runs the body while no other worker does so, on any machine. */
  alone<T>(body: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function workerDatabase(location: DatabaseLocation): WorkerDatabase {
  const pool = new pg.Pool({ ...connectionConfig(location.url), statement_timeout: 5_000, max: 2 })
  pool.on('error', () => undefined)
  return {
    queries: queriesOn(pool, location),
    async alone(body) {
      const client = await pool.connect().catch((error) => {
        throw explainDatabaseError(error, location)
      })
      // The query that runs tells of a lost connection too; without a listener it would end the process.
      const ignore = () => undefined
      client.on('error', ignore)
      try {
        await lock(queriesOn(client, location))
        return await body()
      } finally {
        client.off('error', ignore)
        // Closing the connection frees the lock, whatever happened to it.
        client.release(true)
      }
    },
    close: () => pool.end(),
  }
}

/** By trying again and again: a session that waits for the lock would hold up the making of indexes by its holder. */
async function lock(queries: Queries): Promise<void> {
  for (;;) {
    const tried = await queries.row<{ locked: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('vigie.worker', 0)) as locked`,
    )
    if (tried?.locked) return
    await sleep(20)
  }
}
