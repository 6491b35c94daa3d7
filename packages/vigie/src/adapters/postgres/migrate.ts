import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { VigieError } from '../../errors.ts'
import { VERSION } from '../../version.ts'
import type { Database, Queries } from './database.ts'
import { hasSqlState } from './database-errors.ts'

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly sha256: string
  readonly vigie: string
}

const MIGRATIONS = path.join(import.meta.dirname, 'migrations')

/**
 * Applies the numbered files of `migrations/` that the database does not have yet, each in a transaction of its own
 * together with the row that says so. Several processes may call it at once: one migrates, the others wait. When
 * nothing is to do it costs one round trip.
 *
 * Refuses with `state_newer` when the database has migrations that this build does not know, and with
 * `migration_changed` when one that was applied has changed since: an applied file is never edited.
 */
export async function migrate(database: Database, folder = MIGRATIONS): Promise<void> {
  const known = readMigrations(folder)
  const applied = await readApplied(database)
  check(known, applied)
  for (const migration of known.slice(applied.length)) {
    await database.transaction((tx) => apply(tx, migration, known))
  }
}

/** Of `0001_name.sql`, `0002_other.sql`, ...: numbers without gaps, so that "how many" says "which". */
function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  return files.sort().map((file, i) => {
    const number = Number(file.slice(0, 4))
    if (!/^\d{4}_\w+\.sql$/.test(file) || number !== i + 1) {
      throw new VigieError('internal', `${file} is not migration ${i + 1}`, {
        rule: 'migrations are numbered 0001, 0002, ... without gaps',
        value: file,
      })
    }
    // Line ends depend on how the repository was checked out; the hash must not.
    const sql = readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n')
    return { number, name: file.slice(5, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') }
  })
}

async function readApplied(queries: Queries): Promise<Applied[]> {
  try {
    return await queries.rows<Applied>('select number, name, sha256, vigie from vigie.migration order by number')
  } catch (error) {
    if (hasSqlState(error, '42P01')) return [] // no such table: the database is empty
    throw error
  }
}

function check(known: readonly Migration[], applied: readonly Applied[]): void {
  for (const [i, row] of applied.entries()) {
    const ours = known[i]
    if (ours === undefined) {
      const newest = applied.at(-1)!
      throw new VigieError('state_newer', `the database was migrated by Vigie ${newest.vigie}, this is ${VERSION}`, {
        rule: `this build knows ${known.length} migrations`,
        value: `${newest.number} (${newest.name})`,
        hint: `Use Vigie ${newest.vigie} or newer, or another database.`,
      })
    }
    if (ours.sha256 !== row.sha256) {
      throw new VigieError(
        'migration_changed',
        `migration ${row.number} (${row.name}) is not the one that was applied`,
        {
          rule: 'a migration that was applied is never edited',
          value: `sha256 ${row.sha256.slice(0, 12)} in the database, ${ours.sha256.slice(0, 12)} in this build`,
        },
      )
    }
  }
}

async function apply(tx: Queries, migration: Migration, known: readonly Migration[]): Promise<void> {
  // Both the work and the wait for another process that migrates may take longer than statements otherwise may.
  await tx.run('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
  await tx.run(`select pg_advisory_xact_lock(hashtextextended('vigie.migration', 0))`)
  await tx.run(`
    create schema if not exists vigie;
    create table if not exists vigie.migration (
      number integer primary key,
      name text not null,
      sha256 text not null,
      vigie text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`)
  const applied = await readApplied(tx)
  check(known, applied)
  if (applied.length >= migration.number) return
  await tx.run(migration.sql)
  await tx.rows('insert into vigie.migration (number, name, sha256, vigie) values ($1, $2, $3, $4)', [
    migration.number,
    migration.name,
    migration.sha256,
    VERSION,
  ])
}
