import { openStateFolder, type StateFolder } from '../adapters/local/state-folder.ts'
import { bindStateFolder } from '../adapters/postgres/bind-state-folder.ts'
import type { Project } from '../define/project.ts'
import type { Ports } from '../ports/ports.ts'
import { openRecord, type SystemOfRecord } from './open-record.ts'
import { openStores } from './open-stores.ts'
import type { Settings } from './settings.ts'

/** A project with all its stores open. */
export interface House {
  readonly project: Project
  readonly ports: Ports
  readonly folder: StateFolder
  readonly record: SystemOfRecord
  /**
   * Closes the stores. The embedded Postgres is stopped when nobody else uses it: by the process that started it, or,
   * with `andStop`, also by one that found it running.
   */
  close(options?: { readonly andStop?: boolean }): Promise<void>
}

/**
 * The composition root of the embedded default: one state folder, with Postgres in it or at `DATABASE_URL`. The other
 * stores are loaded and opened while Postgres starts, which the first time takes as long as all of them.
 */
export async function openHouse({ home, databaseUrl }: Settings, project: Project): Promise<House> {
  const folder = await openStateFolder(home.value)
  const opening = [openStores(folder), openRecord(folder, databaseUrl.value)] as const
  const close = async ({ andStop = false } = {}) => {
    // one that did not open has nothing to close
    const [stores, record] = await Promise.allSettled(opening)
    if (stores.status === 'fulfilled') await stores.value.close()
    if (record.status === 'fulfilled') await record.value.close(andStop)
  }
  try {
    const [stores, record] = await Promise.all(opening)
    await bindStateFolder(record.database, stores.ports.fingerprintKey.id)
    return { project, folder, record, ports: { ...record.ports, ...stores.ports }, close }
  } catch (error) {
    await close()
    throw error
  }
}
