import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { openDatabase } from '../../src/adapters/postgres/database.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { filesOf, tablesOf } from '../home-contents.ts'
import { deliver, streamflowDelivery } from '../loop/streamflow-delivery.ts'

const WORKER = fileURLToPath(new URL('ingest-worker.ts', import.meta.url))
const DATE = '2024-01-31'
/** Columns of the catalogue that say when something happened. */
const TIMES = ['known_at', 'ingested_at', 'id']

interface Place {
  readonly home: string
  readonly url: string
  readonly dir: string
}

/** How an ingest went that was killed, and what it had done. */
export interface Killed {
  /** Bytes that the process had read and written when it was told to die. */
  readonly at: number
  readonly committed: boolean
}

/** A delivery of several MB: most of an ingest of it is work with bytes, so kills by bytes meet all of it. */
export async function delivery(
  folder: string,
  { users, packed }: { readonly users: number; readonly packed: boolean },
) {
  const dir = await deliver(folder, 'january', streamflowDelivery({ users }))
  const file = (name: string) => path.join(dir, name)
  await writeFile(file('users.csv.gz'), gzipSync(await readFile(file('users.csv'))))
  await rm(file('users.csv'))
  if (!packed) return dir
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`copy (select user_id, failed_payments_90d::int failed_payments_90d from
    read_csv('${file('payments_agg_90d.csv')}', all_varchar = true)) to '${file('payments_agg_90d.parquet')}'`)
  connection.closeSync()
  instance.closeSync()
  await rename(file('payments_agg_90d.csv'), path.join(folder, 'payments_agg_90d.csv'))
  return dir
}

/** Runs an ingest to its end. Returns how many bytes the process read and wrote for it. */
export async function ingestWhole(place: Place): Promise<number> {
  const child = await begun(place)
  const from = progressOf(child)
  let until = from
  const ended = once(child, 'exit')
  const done = once(child.stdout!, 'data')
  let over = false
  done.then(() => {
    over = true
  })
  while (!over && child.exitCode === null) {
    until = progressOf(child) || until
    await turn()
  }
  await ended
  if (child.exitCode !== 0) throw new Error(`the ingest ended with ${child.exitCode}`)
  return until - from
}

/** Begins an ingest and kills it when it has read and written so many bytes, or is done with them. */
export async function killAt(place: Place, bytes: number): Promise<number> {
  const child = await begun(place)
  const ended = once(child, 'exit')
  const from = progressOf(child)
  let now = from
  while (now - from < bytes && child.exitCode === null) {
    await turn()
    now = Math.max(now, progressOf(child))
  }
  child.kill('SIGKILL')
  await ended
  return now - from
}

/** Everything that an ingest leaves, but for the moments at which it did. */
export async function leftBy({ home, url }: Place): Promise<unknown> {
  const database = await openDatabase({ url, embedded: true })
  const { 'vigie.snapshot': snapshots = [] } = await tablesOf(database)
  await database.close()
  const rows = snapshots.map((row) =>
    Object.fromEntries(Object.entries(JSON.parse(row)).filter(([name]) => !TIMES.includes(name))),
  )
  const files = Object.entries(await filesOf(home)).filter(([name]) => !name.startsWith('online/'))
  // what is told of a snapshot tells when it was known
  const stored = files.map(([name, hash]) => (name.startsWith('reports/') ? name : `${name} ${hash}`))
  return { rows, files: stored }
}

/** Random places in an ingest of so many bytes, spread evenly and from its first byte to its last. */
export function places(bytes: number, count: number, seed: number): readonly number[] {
  const random = seededRandom(seed)
  const order = Array.from({ length: count }, (_, i) => ((i + random.unit()) / count) * bytes)
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/** True when the catalogue has the snapshot. */
export async function isCommitted({ url }: Place): Promise<boolean> {
  const database = await openDatabase({ url, embedded: true })
  const rows = await database.rows('select 1 from vigie.snapshot')
  await database.close()
  return rows.length > 0
}

export async function emptyPlace(place: Place): Promise<Place> {
  await rm(place.home, { recursive: true, force: true })
  await mkdir(place.home, { recursive: true })
  await writeFile(path.join(place.home, 'fingerprint.key'), Buffer.alloc(32, 7), { mode: 0o600 })
  const database = await openDatabase({ url: place.url, embedded: true })
  await database.run('drop schema if exists vigie cascade')
  await migrate(database)
  await database.close()
  return place
}

async function begun({ home, url, dir }: Place): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=vigie-source', WORKER, home, url, dir, DATE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  return child
}

/** Bytes that a process has read and written so far, also from and to the cache; 0 when it is gone. */
function progressOf({ pid }: ChildProcess): number {
  try {
    const counts = readFileSync(`/proc/${pid}/io`, 'utf8')
    const of = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(counts)?.[1] ?? 0)
    return of('rchar') + of('wchar')
  } catch {
    return 0
  }
}
