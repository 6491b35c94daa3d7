import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { BrokenRule, SourceContract } from '../../domain/contract.ts'
import type { FeatureSpec } from '../../domain/feature-spec.ts'
import type { Frame } from '../../domain/frame.ts'
import type { TableProfile } from '../../domain/profile/table-profile.ts'
import type { Joined, NewestRows, OfflineStore } from '../../ports/offline-store.ts'
import type { TableFile } from '../../ports/snapshots.ts'
import { refuseRepeatedKeys, refuseUnlistedKeys } from './check-keys.ts'
import { type DatabaseOptions, openDatabase, resourceError } from './database.ts'
import { Importer } from './importer.ts'
import { inKeyOrder, joinedInKeyOrder } from './key-order.ts'
import { newestRows } from './newest.ts'
import { joinFeatures } from './point-in-time-join.ts'
import type { ProfileNumbers } from './profile.ts'
import { Profiles } from './profiles.ts'
import { readTable } from './read-table.ts'
import { repeatedValues } from './repeated-values.ts'
import { loadRowSpine, loadTableSpine } from './spine.ts'
import { describeTable, type StoredTable } from './stored-table.ts'
import { TableFiles } from './table-files.ts'

export interface OfflineStoreOptions {
  /** Folder of the table files. Made when it is not there. */
  readonly folder: string
  /** Threads of the database. Results do not depend on it. */
  readonly threads?: number
  /** Memory of the database; what needs more spills to a folder beside the tables. */
  readonly memoryLimit?: string
  /** Folder where profiles are kept. Without it they are made each time. */
  readonly profiles?: string
  /** Where columns are profiled: in a server, a worker thread. */
  readonly profileNumbers?: ProfileNumbers
}

/** Opens the offline store: Parquet files in one folder, queried by DuckDB in memory. Several processes may share it. */
export async function openOfflineStore(options: OfflineStoreOptions): Promise<OfflineStore> {
  const { folder, threads = 2, memoryLimit = '1GB' } = options
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.spill-${randomUUID()}`)
  const files = new TableFiles(folder)
  const importer = new Importer(folder, files)
  return new DuckDbOfflineStore(
    { temporary, threads, memoryLimit },
    { files, importer, profiles: new Profiles(options) },
  )
}

class DuckDbOfflineStore implements OfflineStore {
  readonly #options: DatabaseOptions
  /** Opened by the first call that needs it. */
  #database: Promise<DuckDBInstance> | null = null
  readonly #files: TableFiles
  readonly #importer: Importer
  readonly #profiles: Profiles
  readonly #tables = new Map<string, StoredTable>()

  constructor(
    options: DatabaseOptions,
    parts: { readonly files: TableFiles; readonly importer: Importer; readonly profiles: Profiles },
  ) {
    this.#options = options
    this.#files = parts.files
    this.#importer = parts.importer
    this.#profiles = parts.profiles
  }

  importCsv(path: string, header: readonly string[], contract: SourceContract, rows: number): Promise<TableFile> {
    return this.#importer.import({ path, header, contract, rows })
  }

  async discard(tables: readonly TableFile[]): Promise<void> {
    for (const table of tables) {
      // A table that stays is somebody's, and so is its profile.
      if (await this.#files.discard(table)) await this.#profiles.discard(table)
    }
  }

  checkKeys(
    table: TableFile,
    source: string,
    key: string,
    listed: TableFile | null,
    { eventTime, createdTime }: Pick<SourceContract, 'eventTime' | 'createdTime'> = {
      eventTime: null,
      createdTime: null,
    },
  ): Promise<void> {
    return this.#importer.connected(async (connection) => {
      const times = [eventTime, createdTime].filter((name) => name !== null)
      const keyed = { path: await this.#files.path(table), source, key, times }
      await refuseRepeatedKeys(connection, keyed)
      if (listed) await refuseUnlistedKeys(connection, keyed, await this.#files.path(listed))
    })
  }

  repeatedValues(table: TableFile, contract: SourceContract): Promise<readonly BrokenRule[]> {
    return this.#connected(async (connection) => repeatedValues(connection, await this.#files.path(table), contract))
  }

  pointInTimeJoin(request: Parameters<OfflineStore['pointInTimeJoin']>[0]): Promise<Joined> {
    const { spine, features } = request
    return this.#connected(async (connection) => {
      const open = (table: TableFile) => this.#open(connection, table)
      const loaded =
        spine.kind === 'table'
          ? await loadTableSpine(connection, spine, await open(spine.table))
          : await loadRowSpine(connection, spine)
      const { columns, eventTimes } = await joinFeatures({ connection, spine: loaded, open }, request)
      const joined = { spec: features, keys: loaded.keys, columns, label: loaded.label, eventTimes }
      return spine.kind === 'table' ? joinedInKeyOrder(joined) : joined
    })
  }

  newest(request: Parameters<OfflineStore['newest']>[0]): Promise<NewestRows> {
    return this.#connected((connection) =>
      newestRows({ connection, open: (table) => this.#open(connection, table) }, request),
    )
  }

  read(table: TableFile, key: string, features: FeatureSpec): Promise<Frame> {
    return this.#connected(async (connection) => {
      const stored = await this.#open(connection, table)
      return inKeyOrder(await readTable(connection, { ...stored, rows: table.rows }, key, features))
    })
  }

  profile(table: TableFile): Promise<TableProfile> {
    return this.#profiles.of(table, (profileOf) =>
      this.#connected(async (connection) => profileOf(connection, await this.#open(connection, table))),
    )
  }

  async close(): Promise<void> {
    await this.#importer.close()
    const database = await this.#database
    database?.closeSync()
  }

  async #open(connection: DuckDBConnection, table: TableFile): Promise<StoredTable> {
    const path = await this.#files.path(table)
    const known = this.#tables.get(table.sha256)
    if (known) return known
    const stored = await describeTable(connection, path, table)
    this.#tables.set(table.sha256, stored)
    return stored
  }

  /** Each call has a connection of its own: temporary tables belong to one. */
  async #connected<T>(body: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    this.#database ??= openDatabase(this.#options)
    const connection = await (await this.#database).connect()
    try {
      return await body(connection)
    } catch (error) {
      throw resourceError(error) ?? error
    } finally {
      connection.closeSync()
    }
  }
}
