import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { TableFile } from '../../ports/snapshots.ts'
import { LINE_BYTES, longestLine } from './csv-sql.ts'
import { openDatabase, resourceError } from './database.ts'
import { type CheckedCsv, importTable } from './import-csv.ts'
import type { TableFiles } from './table-files.ts'

/**
 * Memory of the database that imports. The whole process takes some 180 MB more. A second thread in the same memory is
 * slower than one.
 */
const SORT_MB = 192
const THREADS = 1
/** Imports of less than this many bytes run beside each other: what they need together is small too. */
const SMALL_BYTES = 32 * 2 ** 20

/**
 * The database that turns delivered files into tables. It is another than the one that answers queries, so that a file of
 * any size has bounded memory and leaves the queries theirs.
 */
export class Importer {
  readonly #folder: string
  readonly #files: TableFiles
  #database: Promise<DuckDBInstance> | null = null
  /** Large files take turns. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string, files: TableFiles) {
    this.#folder = folder
    this.#files = files
  }

  /** Turns a checked CSV into a table file. */
  async import(csv: CheckedCsv): Promise<TableFile> {
    const { size } = await stat(csv.path)
    const work = () => this.#imported(csv, size)
    if (size <= SMALL_BYTES) return work()
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined) // its caller is told
    return done
  }

  /** Runs a query over large tables in the memory of an import. */
  async connected<T>(body: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    this.#database ??= this.#open(SORT_MB)
    return connected(await this.#database, body)
  }

  async close(): Promise<void> {
    const database = await this.#database
    database?.closeSync()
  }

  async #imported(csv: CheckedCsv, size: number): Promise<TableFile> {
    const lineBytes = longestLine(csv.header.length, size)
    const work = (connection: DuckDBConnection) => importTable(connection, this.#files, csv)
    if (lineBytes === LINE_BYTES) return this.connected(work)
    // The reader holds a few buffers of two lines each, outside of what the sort may have.
    const database = await this.#open(SORT_MB + Math.ceil((8 * lineBytes) / 2 ** 20))
    try {
      return await connected(database, work)
    } finally {
      database.closeSync()
    }
  }

  #open(megabytes: number): Promise<DuckDBInstance> {
    const temporary = join(this.#folder, `.spill-${randomUUID()}`)
    return openDatabase({ temporary, threads: THREADS, memoryLimit: `${megabytes}MB` })
  }
}

async function connected<T>(database: DuckDBInstance, body: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await database.connect()
  try {
    return await body(connection)
  } catch (error) {
    throw resourceError(error) ?? error
  } finally {
    connection.closeSync()
  }
}
