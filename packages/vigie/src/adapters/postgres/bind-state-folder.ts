import { VigieError } from '../../errors.ts'
import type { Database } from './database.ts'

/**
 * Binds the database to the state folder that uses it first; for the same folder, moved or not, this changes nothing.
 * `keyId` is the id of the folder's fingerprint key. The database lists tables and models that are files of the folder,
 * so with another folder each side would list what the other does not have.
 *
 * @throws `state_mismatch` when the database belongs to another folder
 */
export async function bindStateFolder(database: Database, keyId: string): Promise<void> {
  const bound = (await boundTo(database)) ?? (await bind(database, keyId))
  if (bound === keyId) return
  throw new VigieError('state_mismatch', 'this database belongs to another state folder', {
    rule: 'one database serves one state folder',
    value: `fingerprint key ${keyId}, the database was begun with ${bound}`,
  })
}

async function boundTo(database: Database): Promise<string | null> {
  const row = await database.row<{ keyId: string }>('select key_id as "keyId" from vigie.state_folder')
  return row?.keyId ?? null
}

/** Of two folders that come at once, the second waits for the first and finds its row. */
async function bind(database: Database, keyId: string): Promise<string | null> {
  await database.rows('insert into vigie.state_folder (key_id) values ($1) on conflict do nothing', [keyId])
  return boundTo(database)
}
