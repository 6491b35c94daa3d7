import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import { localReports } from '../../src/adapters/local/reports.ts'
import { postgresSnapshots } from '../../src/adapters/postgres/snapshots.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { postgresForTests } from '../postgres.ts'

export type IngestPorts = Pick<Ports, 'snapshots' | 'offline' | 'online' | 'compute' | 'staging' | 'reports'>

export interface StoresForTests {
  readonly ports: IngestPorts
  /** A folder for deliveries. */
  readonly folder: string
  /** Folder of the stored tables. */
  readonly tables: string
  /** Everything that is stored, as a value to compare: catalogue, table files by content, the online file by content. */
  state(): Promise<unknown>
}

/**
 * What an ingest works with, all of it real and empty before each test, or before the first of a file: Postgres, DuckDB,
 * LMDB, worker threads.
 */
export function storesForTests({ emptied = 'each' }: { readonly emptied?: 'each' | 'once' } = {}): StoresForTests {
  const before = emptied === 'each' ? beforeEach : beforeAll
  const postgres = postgresForTests()
  const compute = workerThreads({ threads: 2 })
  let root: string
  let ports: IngestPorts

  beforeAll(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'vigie-test-ingest-'))
  })

  before(async () => {
    await closeStores()
    await rm(root, { recursive: true })
    for (const name of ['staging', 'tables', 'reports', 'deliveries'])
      await mkdir(path.join(root, name), { recursive: true })
    ports = {
      snapshots: postgresSnapshots(await postgres.emptied()),
      offline: await openOfflineStore({ folder: path.join(root, 'tables') }),
      online: openOnlineStore(path.join(root, 'online.lmdb')),
      compute,
      staging: path.join(root, 'staging'),
      reports: localReports(path.join(root, 'reports')),
    }
  })

  afterAll(async () => {
    await closeStores()
    await compute.close()
    await rm(root, { recursive: true })
  })

  async function closeStores(): Promise<void> {
    if (!ports) return
    await ports.offline.close()
    await ports.online.close()
  }

  return {
    get ports() {
      return ports
    },
    get folder() {
      return path.join(root, 'deliveries')
    },
    get tables() {
      return path.join(root, 'tables')
    },
    async state() {
      return {
        catalogue: await ports.snapshots.list(),
        tables: await contents(path.join(root, 'tables')),
        online: await hashOf(path.join(root, 'online.lmdb')),
      }
    },
  }
}

/** sha256 of every file below a folder, by its path. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const hashes = await Promise.all(files.sort().map(async (file) => [path.relative(folder, file), await hashOf(file)]))
  return Object.fromEntries(hashes)
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
