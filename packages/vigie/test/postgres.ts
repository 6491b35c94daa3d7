import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type Database, openDatabase } from '../src/adapters/postgres/database.ts'
import { type RunningPostgres, startPostgres, stopPostgres } from '../src/adapters/postgres/embedded/index.ts'
import { migrate } from '../src/adapters/postgres/migrate.ts'

export interface PostgresForTests {
  /** Migrated, and shared by the tests of the file. */
  readonly database: Database
  readonly server: RunningPostgres
  /** The same database with its tables made anew. */
  emptied(): Promise<Database>
  /** Another database on the same server, not made yet. */
  otherUrl(): string
}

/** A server in a temporary folder for one test file: started before its tests, stopped and removed after them. */
export function postgresForTests(): PostgresForTests {
  let root: string
  let server: RunningPostgres
  let database: Database
  let others = 0

  beforeAll(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'vigie-test-postgres-'))
    server = await startPostgres({ root })
    database = await openDatabase({ url: server.url('vigie'), embedded: true })
  })

  afterAll(async () => {
    await database.close()
    await stopPostgres({ root })
    rmSync(root, { recursive: true })
  })

  return {
    get database() {
      return database
    },
    get server() {
      return server
    },
    async emptied() {
      await database.run('drop schema if exists vigie cascade')
      await migrate(database)
      return database
    },
    otherUrl() {
      others += 1
      return server.url(`other_${others}`)
    },
  }
}
