import path from 'node:path'
import { openOfflineStore } from '../adapters/duckdb/offline-store.ts'
import { openOnlineStore } from '../adapters/lmdb/online-store.ts'
import { localArtefacts } from '../adapters/local/artefacts.ts'
import { fingerprintKey } from '../adapters/local/fingerprint-key.ts'
import { localReports } from '../adapters/local/reports.ts'
import { openStateFolder, type StateFolder } from '../adapters/local/state-folder.ts'
import { type Database, openDatabase } from '../adapters/postgres/database.ts'
import type { DatabaseLocation } from '../adapters/postgres/database-errors.ts'
import { startPostgres, stopIfUnused } from '../adapters/postgres/embedded/index.ts'
import { postgresRegistry } from '../adapters/postgres/registry.ts'
import { postgresSnapshots } from '../adapters/postgres/snapshots.ts'
import { workerThreads } from '../adapters/threads/threads.ts'
import type { Project } from '../define/project.ts'
import type { Ports } from '../ports/ports.ts'
import type { Settings } from './settings.ts'

/** A project with all its stores open. */
export interface House {
  readonly project: Project
  readonly ports: Ports
  readonly folder: StateFolder
  readonly database: Database
  readonly location: DatabaseLocation
  /**
   * Closes the stores. The embedded Postgres is stopped when nobody else uses it: by the process that started it, or,
   * with `andStop`, also by one that found it running.
   */
  close(options?: { readonly andStop?: boolean }): Promise<void>
}

/** The composition root of the embedded default: one state folder, with Postgres in it or at `DATABASE_URL`. */
export async function openHouse({ home, databaseUrl }: Settings, project: Project): Promise<House> {
  const folder = await openStateFolder(home.value)
  const closing: ((andStop: boolean) => Promise<unknown>)[] = []
  const close = async ({ andStop = false } = {}) => {
    while (closing.length > 0) await closing.pop()?.(andStop)
  }
  try {
    const location = databaseUrl.value
      ? { url: databaseUrl.value, embedded: false }
      : await embedded(folder, (stop) => closing.push(stop))
    const database = await openDatabase(location)
    closing.push(() => database.close())
    const offline = await openOfflineStore({ folder: folder.tables })
    closing.push(() => offline.close())
    const online = openOnlineStore(path.join(folder.online, 'vectors.lmdb'))
    closing.push(() => online.close())
    const compute = workerThreads()
    closing.push(() => compute.close())
    const ports: Ports = {
      snapshots: postgresSnapshots(database),
      registry: postgresRegistry(database),
      offline,
      online,
      compute,
      artefacts: localArtefacts(folder.models),
      reports: localReports(folder.reports),
      staging: folder.staging,
      fingerprintKey: await fingerprintKey(folder.fingerprintKey),
    }
    return { project, ports, folder, database, location, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function embedded(
  folder: StateFolder,
  onClose: (stop: (andStop: boolean) => Promise<unknown>) => void,
): Promise<DatabaseLocation> {
  const server = await startPostgres({ root: folder.postgres })
  onClose((andStop) => stopIfUnused(server, { adopted: andStop ? 'stop' : 'keep' }))
  return { url: server.url('vigie'), embedded: true }
}
