import pg, { type ClientBase, type ClientConfig } from 'pg'
import { connectionConfig } from './connection.ts'
import { type DatabaseLocation, explainDatabaseError, hasSqlState } from './database-errors.ts'
import { migrate } from './migrate.ts'

/** What runs SQL: the pool, or one transaction. Values are bound as $1, $2, ...; never put them into the text. */
export interface Queries {
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  /** The first row, or null. */
  row<Row>(sql: string, values?: readonly unknown[]): Promise<Row | null>
  /** One statement or several, without values and without an answer. */
  run(sql: string): Promise<void>
}

/** The system of record: one Postgres database, everything of ours in its schema `vigie`. */
export interface Database extends Queries {
  /** For connections beside the pool, such as one that listens. */
  readonly connection: ClientConfig
  /** Commits when `body` returns, undoes everything when it throws. */
  transaction<T>(body: (tx: Queries) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Connects and brings the tables up to date. The database of an embedded server is made when it is missing; any other
 * is the operator's to make.
 *
 * @throws `database_unreachable`, `database_permission`, `state_newer`, `migration_changed`
 */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  const database = pooled(location)
  try {
    await migrate(database).catch(async (error) => {
      if (!location.embedded || !hasSqlState(error, '3D000')) throw error
      await createDatabase(location)
      await migrate(database)
    })
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

function pooled(location: DatabaseLocation): Database {
  const connection = connectionConfig(location.url)
  // Several processes share the 50 connections of the embedded server.
  const pool = new pg.Pool({ ...connection, max: 8, idleTimeoutMillis: 10_000 })
  // The pool forgets an idle connection that the server closed. Without a listener Node would end the process.
  pool.on('error', () => undefined)

  async function connect(): Promise<pg.PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      throw explainDatabaseError(error, location)
    }
  }

  return {
    connection,
    ...queriesOn(pool, location),
    async transaction(body) {
      const client = await connect()
      let lost: Error | null = null
      const onLost = (error: Error) => {
        lost = error
      }
      client.on('error', onLost)
      const tx = queriesOn(client, location)
      try {
        await tx.run('begin')
        const result = await body(tx)
        await tx.run('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(onLost)
        throw error
      } finally {
        client.off('error', onLost)
        client.release(lost ?? undefined)
      }
    },
    close: () => pool.end(),
  }
}

/** Queries on a pool or on one connection. Errors of the database come out with a name and a next action. */
export function queriesOn(target: pg.Pool | ClientBase, location: DatabaseLocation): Queries {
  async function rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await target.query(sql, [...values])).rows as Row[]
    } catch (error) {
      throw explainDatabaseError(error, location)
    }
  }
  return {
    rows,
    row: async <Row>(sql: string, values?: readonly unknown[]) => (await rows<Row>(sql, values))[0] ?? null,
    async run(sql) {
      try {
        await target.query(sql)
      } catch (error) {
        throw explainDatabaseError(error, location)
      }
    },
  }
}

async function createDatabase(location: DatabaseLocation): Promise<void> {
  const url = new URL(location.url)
  const name = decodeURIComponent(url.pathname.slice(1))
  url.pathname = '/postgres'
  const client = new pg.Client(connectionConfig(url.href))
  try {
    await client.connect()
    await client.query(`create database ${pg.escapeIdentifier(name)}`)
  } catch (error) {
    // Another process made it between our two looks: as duplicate_database, or as unique_violation in the catalogue.
    if (!hasSqlState(error, '42P04') && !hasSqlState(error, '23505')) throw explainDatabaseError(error, location)
  } finally {
    await client.end()
  }
}
