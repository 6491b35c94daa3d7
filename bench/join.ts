// The point-in-time join of events beside the bare ASOF statement of DuckDB, on the same files in the same process.
// Prints one JSON line a figure.
//
//   node scripts/run.mjs bench/join.ts [events spine]      (10000000 1000000)
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import project from '../examples/streamflow/vigie.config.ts'
import { rowsOf } from '../packages/vigie/src/adapters/duckdb/columns.ts'
import { openOfflineStore } from '../packages/vigie/src/adapters/duckdb/offline-store.ts'
import { asOf } from '../packages/vigie/src/domain/as-of.ts'
import type { FeatureColumn } from '../packages/vigie/src/domain/feature-spec.ts'
import { viewSources } from '../packages/vigie/src/loop/dataset.ts'
import type { ViewSource } from '../packages/vigie/src/ports/offline-store.ts'
import type { Snapshot, TableFile } from '../packages/vigie/src/ports/snapshots.ts'
import { median } from './figures.ts'
import { machine } from './machine.ts'

const ENTITIES = 100_000
const FEATURES = 14
const RUNS = 3
const THREADS = 2
const MEMORY = '1GB'
/** 2024, in which all events and all rows of the spine are. */
const START = Date.UTC(2024, 0, 1) * 1000
const YEAR = 366 * 86_400_000_000

const names = Array.from({ length: FEATURES }, (_, i) => `f${i}`)
const features: readonly FeatureColumn[] = names.map((feature) => {
  return { name: `v.${feature}`, view: 'v', feature, type: 'float', optional: true }
})
const view: ViewSource = {
  view: 'v',
  from: 'events',
  key: 'user_id',
  eventTime: 'happened',
  createdTime: null,
  ttlMs: null,
  arrivesMs: 0,
}

function print(figure: Readonly<Record<string, string | number>>): void {
  process.stdout.write(`${JSON.stringify({ bench: 'join', ...figure, ...machine() })}\n`)
}

function round(x: number): number {
  return Number(x.toPrecision(3))
}

interface Cost {
  readonly cpu: number
  readonly wall: number
}

/** Processor seconds of all threads, and seconds. */
async function cost(body: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await body()
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1000 }
}

/** Writes the rows of a query as the store would, under the name of their hash. */
async function writeTable(connection: DuckDBConnection, folder: string, select: string): Promise<TableFile> {
  const pending = join(folder, 'pending')
  const options = 'format parquet, compression zstd, row_group_size 122880'
  const { rowsChanged } = await connection.run(`copy (${select}) to '${pending}' (${options})`)
  const hash = createHash('sha256')
  await pipeline(createReadStream(pending), hash)
  const sha256 = hash.digest('hex')
  const { size } = await stat(pending)
  await rename(pending, join(folder, `${sha256}.parquet`))
  return { sha256, bytes: size, rows: rowsChanged }
}

const keyOf = (number: string) => `'user-' || lpad((${number})::varchar, 6, '0')`

function snapshotOf(tables: Readonly<Record<string, TableFile>>, date = '2024-12-31'): Snapshot {
  const knownAt = '2024-01-01T00:00:00Z'
  const times = { asOf: asOf(date), version: 1, knownAt, ingestedAt: knownAt, assumed: true }
  return { id: date, ...times, contentHash: '', rows: 0, tables, approvals: null }
}

/** The statement that anybody would write, into the same arrays. */
async function bareJoin(connection: DuckDBConnection, events: string, rows: number): Promise<Float64Array[]> {
  await connection.run(`create or replace temp table spine as from read_parquet('${events}.spine')`)
  const columns = names.map(() => new Float64Array(rows).fill(Number.NaN))
  const values = names.map((name) => `t.${name}`).join(', ')
  const sql = `select s.row, ${values} from spine s asof join read_parquet('${events}') t
    on s.key = t.user_id and s.moment >= t.happened`
  for await (const chunk of rowsOf(connection, sql)) {
    const at = chunk.ints(0)
    for (const [f, column] of columns.entries()) {
      const values = chunk.floats(1 + f)
      for (let r = 0; r < chunk.count; r++) column[at[r]!] = values[r]!
    }
  }
  return columns
}

async function readSpine(connection: DuckDBConnection, file: string, rows: number) {
  const keys: string[] = []
  const at = new Float64Array(rows)
  for await (const chunk of rowsOf(
    connection,
    `select key, epoch_us(moment)::double from read_parquet('${file}') order by row`,
  )) {
    at.set(chunk.floats(1), keys.length)
    keys.push(...chunk.texts(0))
  }
  return { kind: 'rows', keys, at } as const
}

function sum(columns: readonly Float64Array[]): number {
  let total = 0
  for (const column of columns) for (const value of column) if (!Number.isNaN(value)) total += value
  return total
}

async function large(folder: string, events: number, rows: number): Promise<void> {
  const tables = join(folder, 'tables')
  await mkdir(tables)
  const settings = { threads: String(THREADS), memory_limit: MEMORY, temp_directory: join(folder, 'spill') }
  const database = await DuckDBInstance.create(':memory:', settings)
  const connection = await database.connect()
  const instant = (seed: number) => `make_timestamp(${START} + (hash(i * ${seed}) % ${YEAR})::bigint)`
  const values = names.map((name, f) => `(hash(i * 31 + ${f}) % 1000003)::double / 7 as ${name}`).join(', ')
  const table = await writeTable(
    connection,
    tables,
    `select ${keyOf(`i % ${ENTITIES}`)} as user_id, ${instant(3)} as happened, ${values}
     from range(${events}) r(i) order by user_id, happened`,
  )
  const file = join(tables, `${table.sha256}.parquet`)
  await connection.run(`copy (
    select (row_number() over () - 1)::integer as row, ${keyOf(`hash(i * 5) % ${ENTITIES}`)} as key, ${instant(7)} as moment
    from range(${rows}) r(i)) to '${file}.spine' (format parquet)`)
  const spine = await readSpine(connection, `${file}.spine`, rows)
  const store = await openOfflineStore({ folder: tables, threads: THREADS, memoryLimit: MEMORY })
  const snapshots = [snapshotOf({ events: { ...table, eventRange: [START, START + YEAR] } })]
  const joined = () => store.pointInTimeJoin({ spine, features, views: [view], snapshots })

  const totals = [sum(await bareJoin(connection, file, rows)), sum((await joined()).columns)]
  if (totals[0] !== totals[1]) throw new Error(`the joins differ: ${totals.join(', ')}`)
  const [bare, ours]: [Cost[], Cost[]] = [[], []]
  for (let run = 0; run < RUNS; run++) {
    bare.push(await cost(() => bareJoin(connection, file, rows)))
    ours.push(await cost(joined))
  }
  const size = { events, spine: rows, features: FEATURES }
  const [bareCpu, cpu] = [median(bare.map((c) => c.cpu)), median(ours.map((c) => c.cpu))]
  print({
    what: 'point-in-time join, CPU beside the bare ASOF statement into the same arrays',
    ...size,
    cpuSeconds: round(cpu),
    bareCpuSeconds: round(bareCpu),
    cpuRatio: round(cpu / bareCpu),
    seconds: round(median(ours.map((c) => c.wall))),
    bareSeconds: round(median(bare.map((c) => c.wall))),
  })
  connection.closeSync()
  database.closeSync()
  await store.close()
  for (const limit of ['400MB', MEMORY]) {
    const own = [import.meta.filename, 'peak', tables, limit, JSON.stringify(snapshots), `${file}.spine`, String(rows)]
    const { stdout } = spawnSync(process.execPath, [...process.execArgv, ...own], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    print({ what: 'peak memory of a process that does this join', ...size, limit, ...JSON.parse(String(stdout)) })
  }
}

/** In a process of its own: what the spine and the result take, and what it takes with the join. */
async function peak([tables, limit, snapshots, file, rows]: readonly string[]): Promise<void> {
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const spine = await readSpine(connection, file!, Number(rows))
  connection.closeSync()
  database.closeSync()
  const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024)
  const before = megabytes()
  const store = await openOfflineStore({ folder: tables!, threads: THREADS, memoryLimit: limit! })
  await store.pointInTimeJoin({ spine, features, views: [view], snapshots: JSON.parse(snapshots!) })
  await store.close()
  process.stdout.write(JSON.stringify({ peakMb: megabytes(), beforeMb: before }))
}

/** A month of the StreamFlow example's size: every label with the features of four views. */
async function small(folder: string): Promise<void> {
  const users = 7043
  const tables = join(folder, 'small')
  await mkdir(tables)
  const database = await DuckDBInstance.create(':memory:')
  const connection = await database.connect()
  const delivered: Record<string, TableFile> = {}
  for (const { name, key, columns } of Object.values(project.sources)) {
    const values = columns
      .filter((column) => column.name !== key)
      .map((column, c) => {
        const number = `hash(i * 31 + ${c})`
        const picked = (column.categories ?? []).map((text) => `'${text}'`).join(', ')
        const values: Record<typeof column.type, string> = {
          int: `(${number} % 72)::bigint`,
          float: `(${number} % 1000003)::double / 7`,
          boolean: `${number} % 2 = 0`,
          category: `[${picked}][1 + (${number} % ${Math.max(1, column.categories?.length ?? 1)})::bigint]`,
          date: `date '2024-01-01'`,
          timestamp: `timestamp '2024-01-01'`,
          string: `'text'`,
        }
        return `${values[column.type]} as "${column.name}"`
      })
    const select = [`${keyOf('i')} as "${key}"`, ...values].join(', ')
    delivered[name] = await writeTable(connection, tables, `select ${select} from range(${users}) r(i) order by 1`)
  }
  const store = await openOfflineStore({ folder: tables })
  const at = asOf('2024-12-31')
  const labels = delivered[project.label.from]!
  const joined = () =>
    store.pointInTimeJoin({
      spine: {
        kind: 'table',
        table: labels,
        key: project.entity.key,
        at,
        label: { column: project.label.column, type: 'boolean' },
      },
      features: project.model.features,
      views: viewSources(project),
      snapshots: [snapshotOf(delivered)],
    })
  for (let run = 0; run < 5; run++) await joined()
  const times: number[] = []
  for (let run = 0; run < 30; run++) times.push((await cost(joined)).wall * 1000)
  print({
    what: 'point-in-time join of one date, median of 30',
    rows: users,
    features: project.model.features.length,
    milliseconds: round(median(times)),
  })
  connection.closeSync()
  database.closeSync()
  await store.close()
}

async function all(events: number, spine: number): Promise<void> {
  const folder = await mkdtemp(join(os.tmpdir(), 'vigie-bench-'))
  try {
    await small(folder)
    await large(folder, events, spine)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const [first, ...rest] = process.argv.slice(2)
if (first === 'peak') await peak(rest)
else await all(Number(first ?? 10_000_000), Number(rest[0] ?? 1_000_000))
