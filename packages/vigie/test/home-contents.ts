import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import project from '../../../examples/streamflow/vigie.config.ts'
import { openOnlineStore } from '../src/adapters/lmdb/online-store.ts'
import type { Database } from '../src/adapters/postgres/database.ts'

/** Every row of every table of ours and of the engine, as JSON texts in their order. */
export async function tablesOf(database: Database): Promise<Record<string, readonly string[]>> {
  const tables = await database.rows<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('vigie', 'dbos') order by 1`,
  )
  const all: Record<string, readonly string[]> = {}
  for (const { name } of tables) {
    const rows = await database.rows<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t order by 1`)
    all[name] = rows.map(({ row }) => row)
  }
  return all
}

/** sha256 of each file of a state folder by its path, without those of the Postgres in it, of locks, and of what was served. */
export async function filesOf(home: string): Promise<Record<string, string>> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(home, path.join(entry.parentPath, entry.name)))
    .filter((file) => !/^(postgres|served)\/|^users$|-lock$/.test(file))
  const hashes = files.sort().map(async (file) => [file, await sha256(path.join(home, file))] as const)
  return Object.fromEntries(await Promise.all(hashes))
}

/** What a prediction for each subscriber of the first month would read. */
export async function onlineOf(home: string, months: string): Promise<unknown> {
  const users = (await readFile(path.join(months, 'month_000/users.csv'), 'utf8')).trim().split(/\r?\n/).slice(1)
  const store = openOnlineStore(path.join(home, 'online/vectors.lmdb'))
  // At no time in particular: these views have no ttl.
  const request = { features: project.model.features, maxAges: {} }
  const read = users.map((row) => store.read(row.split(',')[0]!, request, 0))
  await store.close()
  return read
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
