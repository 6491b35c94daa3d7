import type { StateFolder } from '../adapters/local/state-folder.ts'
import type { Database } from '../adapters/postgres/database.ts'
import type { DatabaseLocation } from '../adapters/postgres/database-errors.ts'
import { keepRunning, startPostgres, stopIfUnused } from '../adapters/postgres/embedded/index.ts'
import type { Ports } from '../ports/ports.ts'

/** The system of record, open. */
export interface SystemOfRecord {
  readonly location: DatabaseLocation
  readonly database: Database
  readonly ports: Pick<Ports, 'registry' | 'snapshots'>
  /** Rejects when the embedded server is gone for good. One that dies is started again; of others nobody knows. */
  readonly gone: Promise<never>
  /** Also stops the embedded server that this process started, or with `andStop` any, unless somebody else uses it. */
  close(andStop: boolean): Promise<void>
}

/** Postgres at `url`, or the embedded one of this state folder. Its modules are loaded while the server starts. */
export async function openRecord(folder: StateFolder, url: string | null): Promise<SystemOfRecord> {
  const server = url === null ? startPostgres({ root: folder.postgres }) : null
  const loading = Promise.all([
    import('../adapters/postgres/database.ts'),
    import('../adapters/postgres/registry.ts'),
    import('../adapters/postgres/snapshots.ts'),
  ])
  const running = await server
  const watch = new AbortController()
  const gone = running ? rejectedWhenGone(keepRunning(running, watch.signal)) : new Promise<never>(() => undefined)
  const stop = async (andStop: boolean) => {
    watch.abort()
    if (running) await stopIfUnused(running, { adopted: andStop ? 'stop' : 'keep' })
  }
  const location = running ? { url: running.url('vigie'), embedded: true } : { url: url!, embedded: false }
  const [{ openDatabase }, { postgresRegistry }, { postgresSnapshots }] = await loading
  const database = await openDatabase(location).catch(async (error: unknown) => {
    await stop(false)
    throw error
  })
  return {
    location,
    database,
    ports: { registry: postgresRegistry(database), snapshots: postgresSnapshots(database) },
    gone,
    async close(andStop) {
      await database.close()
      await stop(andStop)
    },
  }
}

function rejectedWhenGone(watched: Promise<unknown>): Promise<never> {
  const gone = watched.then((error) => {
    if (error === null) return new Promise<never>(() => undefined)
    throw error
  })
  gone.catch(() => undefined) // most callers need not know
  return gone
}
