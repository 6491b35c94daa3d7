import { ensureSystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database'
import pg from 'pg'
import type { Queries } from '../postgres/database.ts'
import { quiet } from './quiet.ts'

/**
 * Makes DBOS's tables, schema `dbos`, when there are none. Its launch would make them too, in some hundred statements
 * that each wait for the disk; while there is nothing to lose they need not, which halves the time of a first start.
 */
export async function makeTables(queries: Queries, url: string): Promise<void> {
  const found = await queries.row<{ made: boolean }>(`select to_regnamespace('dbos') is not null as made`)
  if (found?.made) return
  const pool = new pg.Pool({ connectionString: url, max: 1, options: '-c synchronous_commit=off' })
  try {
    await ensureSystemDatabase(url, quiet as Parameters<typeof ensureSystemDatabase>[1], pool, 'dbos', false)
  } finally {
    await pool.end()
  }
}
