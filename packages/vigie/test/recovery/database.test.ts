import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/adapters/postgres/database.ts'
import { startPostgres, stopPostgres } from '../../src/adapters/postgres/embedded/index.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { postgresRegistry } from '../../src/adapters/postgres/registry.ts'
import { postgresForTests } from '../postgres.ts'

const postgres = postgresForTests()
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder of migrations: the texts in order, named 0001_first.sql, 0002_second.sql, ... */
function migrations(...sql: readonly string[]): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-migrations-'))
  folders.push(folder)
  for (const [i, text] of sql.entries()) writeFileSync(path.join(folder, `000${i + 1}_step_${i + 1}.sql`), text)
  return folder
}

/** A database in which only the given migrations were applied. */
async function migrated(folder: string): Promise<Database> {
  const { database } = postgres
  await database.run('drop schema if exists vigie cascade')
  await migrate(database, folder)
  return database
}

const appliedTo = (database: Database) =>
  database.rows<{ number: number; name: string }>('select number, name from vigie.migration order by number')

describe('migrations', () => {
  test('are applied in order, once, with a row each', async () => {
    const folder = migrations('create table vigie.a (n integer)', 'insert into vigie.a values (1)')
    const database = await migrated(folder)
    await migrate(database, folder)
    expect(await database.rows('select n from vigie.a')).toEqual([{ n: 1 }])
    expect(await appliedTo(database)).toEqual([
      { number: 1, name: 'step_1' },
      { number: 2, name: 'step_2' },
    ])
  })

  test('that are new are applied to what is there', async () => {
    const first = 'create table vigie.a (n integer)'
    const database = await migrated(migrations(first))
    await migrate(database, migrations(first, 'insert into vigie.a values (1)', 'insert into vigie.a values (2)'))
    expect(await database.rows('select n from vigie.a order by n')).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('started by many at once are applied by one while the others wait', async () => {
    const url = postgres.otherUrl()
    const opened = await Promise.all(Array.from({ length: 6 }, () => openDatabase({ url, embedded: true })))
    const rows = await Promise.all(opened.map(appliedTo))
    expect(rows[0]!.length).toBeGreaterThan(0)
    for (const each of rows) expect(each).toEqual(rows[0])
    await Promise.all(opened.map((database) => database.close()))
  })

  test('that fail leave nothing of themselves, and what was before stays', async () => {
    const database = await migrated(migrations('create table vigie.a (n integer)'))
    const broken = migrations('create table vigie.a (n integer)', 'create table vigie.b (n integer); select 1 / 0')
    await expect(migrate(database, broken)).rejects.toThrow(/division by zero/)
    expect(await database.rows(`select to_regclass('vigie.b') as b`)).toEqual([{ b: null }])
    expect(await appliedTo(database)).toHaveLength(1)
  })

  test('that this build does not know are refused with the version that is needed', async () => {
    const { database } = postgres
    await postgres.emptied()
    await database.run(`insert into vigie.migration (number, name, sha256, vigie)
      select max(number) + 1, 'approvals', 'x', '7.8.9' from vigie.migration`)
    await expect(migrate(database)).rejects.toMatchObject({
      code: 'state_newer',
      hint: expect.stringContaining('7.8.9'),
    })
  })

  test('that were edited after they were applied are refused', async () => {
    const database = await migrated(migrations('create table vigie.a (n integer)'))
    await expect(migrate(database, migrations('create table vigie.a (n bigint)'))).rejects.toMatchObject({
      code: 'migration_changed',
    })
    // How the repository was checked out makes no difference.
    const crlf = await migrated(migrations('create table\n vigie.a (n integer)'))
    await migrate(crlf, migrations('create table\r\n vigie.a (n integer)'))
  })

  test('cost one round trip when there is nothing to do', async () => {
    const database = await postgres.emptied()
    const query = vi.spyOn(pg.Client.prototype, 'query')
    await migrate(database)
    expect(query).toHaveBeenCalledTimes(1)
    query.mockRestore()
  })
})

describe('a database that cannot be used', () => {
  const unreachable = (url: string) => openDatabase({ url, embedded: false }).catch((error) => error)

  test('is named without its password', async () => {
    for (const url of [
      'postgres://ana:geheim@127.0.0.1:1/vigie',
      'postgres://ana:ge%40heim@no-such-host.invalid/vigie',
      'postgres://ana@127.0.0.1:1/vigie?password=geheim',
      'postgres://ana:geheim@localhost/vigie?host=%2Fno%2Fsuch%2Ffolder',
      'postgres://ana:ge@heim@127.0.0.1:1/vigie',
      'postgres://ana:geheim',
    ]) {
      const error = await unreachable(url)
      expect(error).toMatchObject({ code: 'database_unreachable', hint: expect.stringContaining('DATABASE_URL') })
      expect(JSON.stringify([error.message, error.details])).not.toMatch(/geheim|ge%40heim|@heim/)
    }
  })

  test('because the password is wrong or the database is missing says so', async () => {
    const right = postgres.server.url('vigie')
    const wrong = await unreachable(right.replace(/:[^:@/]*@/, ':wrong@'))
    expect(wrong).toMatchObject({ code: 'database_unreachable', message: expect.stringContaining('password') })
    const missing = await unreachable(postgres.server.url('not_there'))
    expect(missing).toMatchObject({ code: 'database_unreachable', message: expect.stringContaining('not_there') })
  })

  test('because its user may not make the schema says so', async () => {
    const { database, server } = postgres
    await database.run(`create role guest login password 'guest'`)
    const url = server.url('vigie').replace(/\/\/[^@]*@/, '//guest:guest@')
    await database.run('drop schema if exists vigie cascade')
    await expect(openDatabase({ url, embedded: false })).rejects.toMatchObject({ code: 'database_permission' })
  })
})

describe('a transaction', () => {
  test('that throws undoes everything and gives its connection back', async () => {
    const database = await postgres.emptied()
    for (let i = 0; i < 20; i++) {
      const attempt = database.transaction(async (tx) => {
        await tx.rows('insert into vigie.model (name) values ($1)', ['undone'])
        throw new Error('no')
      })
      await expect(attempt).rejects.toThrow('no')
    }
    expect(await database.rows(`select name from vigie.model where name = 'undone'`)).toEqual([])
  })

  test('may idle for 5 seconds: after that nobody waits for the locks of a paused process', async () => {
    const [setting] = await postgres.database.rows<{ limit: string }>(
      `select current_setting('idle_in_transaction_session_timeout') as limit`,
    )
    expect(setting!.limit).toBe('5s')
  })
})

test('a server that goes away and comes back ends neither the process nor the watch, and loses nothing', async () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'vigie-restart-'))
  folders.push(root)
  const server = await startPostgres({ root })
  const database = await openDatabase({ url: server.url('vigie'), embedded: true })
  const registry = postgresRegistry(database)
  const version = {
    model: 'churn',
    artefact: 'a'.repeat(64),
    artefactBytes: 1,
    trainedAsOf: '2024-01-31' as never,
    snapshots: [],
    trainingSet: null,
    trainingRowsHash: 'r',
    trainingRows: 1,
    trainingBaseRate: 0.5,
    featureSpecHash: 'f',
    definitionHash: 'd',
    fingerprints: null,
    trainer: {},
    policyHash: 'p',
  }
  await registry.createVersion(version, 'run:1')
  const changed = vi.fn()
  const stop = await registry.watchChampion('churn', changed)
  const atStart = changed.mock.calls.length
  try {
    await stopPostgres({ root })
    await expect(registry.champion('churn')).rejects.toMatchObject({ code: 'database_unreachable' })
    await startPostgres({ root })
    await registry.promote({ model: 'churn', version: 1, expectedEpoch: 0, decision: null, actor: 'ana' })
    await vi.waitFor(() => expect(changed.mock.calls.length).toBeGreaterThan(atStart), { timeout: 4000, interval: 10 })
  } finally {
    await stop()
    await database.close()
    await stopPostgres({ root })
  }
})
