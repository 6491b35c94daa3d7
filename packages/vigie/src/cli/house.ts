import { openStateFolder, type StateFolder } from '../adapters/local/state-folder.ts'
import type { Project } from '../define/project.ts'
import type { Ports } from '../ports/ports.ts'
import { openRecord, type SystemOfRecord } from './open-record.ts'
import { openStores, type Stores } from './open-stores.ts'
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
  const [record, stores] = await Promise.allSettled([openRecord(folder, databaseUrl.value), openStores(folder)])
  const bound = await Promise.allSettled([boundTogether(record, stores)])
  const failed = [record, stores, ...bound].find((opened) => opened.status === 'rejected')
  if (record.status === 'fulfilled' && stores.status === 'fulfilled' && !failed) {
    return {
      project,
      folder,
      record: record.value,
      ports: { ...record.value.ports, ...stores.value.ports },
      async close({ andStop = false } = {}) {
        try {
          await stores.value.close()
        } finally {
          await record.value.close(andStop)
        }
      },
    }
  }
  if (stores.status === 'fulfilled') await stores.value.close()
  if (record.status === 'fulfilled') await record.value.close(false)
  throw failed?.reason
}

/** Throws `state_mismatch` when both are open and the database belongs to another folder. */
async function boundTogether(
  record: PromiseSettledResult<SystemOfRecord>,
  stores: PromiseSettledResult<Stores>,
): Promise<void> {
  if (record.status === 'rejected' || stores.status === 'rejected') return
  const { bindStateFolder } = await import('../adapters/postgres/bind-state-folder.ts')
  await bindStateFolder(record.value.database, stores.value.ports.fingerprintKey.id)
}
