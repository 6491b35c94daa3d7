// The stores alone: import, point-in-time join and materialize. Prints one JSON line a figure.
//
//   node scripts/run.mjs bench/stores.ts [entities ...]      (7043 and 1000000)
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import project from '../examples/streamflow/vigie.config.ts'
import { openOfflineStore } from '../packages/vigie/src/adapters/duckdb/offline-store.ts'
import { openOnlineStore } from '../packages/vigie/src/adapters/lmdb/online-store.ts'
import { asOf, monthEnd } from '../packages/vigie/src/domain/as-of.ts'
import type { ColumnContract, SourceContract } from '../packages/vigie/src/domain/contract.ts'
import { type Random, seededRandom } from '../packages/vigie/src/domain/random.ts'
import { viewSources } from '../packages/vigie/src/loop/dataset.ts'
import { materialize } from '../packages/vigie/src/loop/materialize.ts'
import type { OfflineStore, Spine } from '../packages/vigie/src/ports/offline-store.ts'
import type { OnlineStore } from '../packages/vigie/src/ports/online-store.ts'
import type { Snapshot, Snapshots, TableFile } from '../packages/vigie/src/ports/snapshots.ts'

const MONTHS = 3
const features = project.model.features
const views = viewSources(project)

function print(figure: Readonly<Record<string, string | number>>): void {
  process.stdout.write(`${JSON.stringify({ bench: 'stores', ...figure, cpu: os.cpus()[0]?.model ?? '' })}\n`)
}

/** Runs and prints the seconds, and the longest that the event loop was held meanwhile. */
async function timed<T>(what: string, entities: number, body: () => Promise<T>): Promise<T> {
  let held = 0
  let last = performance.now()
  const tick = setInterval(() => {
    const now = performance.now()
    held = Math.max(held, now - last)
    last = now
  }, 1)
  await setTimeout(5)
  held = 0
  const start = performance.now()
  const result = await body()
  const seconds = (performance.now() - start) / 1000
  await setTimeout(5)
  clearInterval(tick)
  print({ what, entities, seconds: round(seconds), loopHeldMs: round(held) })
  return result
}

function round(x: number): number {
  return Number(x.toPrecision(3))
}

/** Writes a delivery of one source. One entity in fifty is missing, another one each month. */
async function writeSource(file: string, contract: SourceContract, entities: number, month: number): Promise<number> {
  const out = createWriteStream(file)
  const random = seededRandom(month, contract.name.length)
  const columns = contract.columns.filter((column) => column.name !== contract.key)
  out.write(`${[contract.key, ...columns.map((column) => column.name)].join(',')}\n`)
  let rows = 0
  let lines: string[] = []
  for (let i = 0; i < entities; i++) {
    if (contract.listedIn !== null && i % 50 === month) continue
    lines.push(`${key(i)},${columns.map((column) => text(column, contract, random)).join(',')}\n`)
    rows++
    if (lines.length === 10_000 || i === entities - 1) {
      if (!out.write(lines.join(''))) await once(out, 'drain')
      lines = []
    }
  }
  out.end(lines.join(''))
  await once(out, 'close')
  return rows
}

/** Scattered like real keys, so that no store is helped by their order. */
function key(i: number): string {
  return `${String((i * 7919) % 10_000).padStart(4, '0')}-${i.toString(36).toUpperCase().padStart(5, '0')}`
}

function text({ type, optional, categories = [] }: ColumnContract, contract: SourceContract, random: Random): string {
  if (optional && random.below(5) === 0) return contract.nulls[0]!
  switch (type) {
    case 'int':
      return String(random.below(72))
    case 'float':
      return String(random.unit() * 100)
    case 'boolean':
      return contract.booleans[random.below(2) ? 'true' : 'false'][0]!
    case 'category':
      return categories[random.below(categories.length)]!
    case 'date':
      return '2023-05-17'
    case 'timestamp':
      return '2023-05-17T08:00:00Z'
    case 'string':
      return 'text'
  }
}

async function ingest(offline: OfflineStore, folder: string, entities: number): Promise<readonly Snapshot[]> {
  const snapshots: Snapshot[] = []
  for (let month = 0; month < MONTHS; month++) {
    const files = new Map<string, { readonly path: string; readonly rows: number }>()
    for (const [name, contract] of Object.entries(project.sources)) {
      const path = join(folder, `${name}.csv`)
      files.set(name, { path, rows: await writeSource(path, contract, entities, month) })
    }
    const tables = await timed('import six files of a month', entities, async () => {
      const imported: Record<string, TableFile> = {}
      for (const [name, contract] of Object.entries(project.sources)) {
        const { path, rows } = files.get(name)!
        const header = contract.columns.map((column) => column.name)
        imported[name] = await offline.importCsv(path, header, contract, rows)
      }
      return imported
    })
    await timed('check the keys of a month', entities, async () => {
      for (const [name, contract] of Object.entries(project.sources)) {
        await offline.checkKeys(
          tables[name]!,
          name,
          contract.key,
          contract.listedIn ? tables[contract.listedIn]! : null,
        )
      }
    })
    const date = monthEnd(asOf('2024-01-31'), month)
    const knownAt = `${date}T23:59:59.999999Z`
    const rest = { version: 1, assumed: true, contentHash: '', rows: entities, tables, approvals: null }
    snapshots.push({ id: date, asOf: date, knownAt, ingestedAt: knownAt, ...rest })
  }
  return snapshots
}

async function joins(offline: OfflineStore, snapshots: readonly Snapshot[], entities: number): Promise<void> {
  const newest = snapshots.at(-1)!
  const joined = (spine: Spine) => offline.pointInTimeJoin({ spine, features, views, snapshots })
  const whole = {
    kind: 'table',
    table: newest.tables[project.label.from]!,
    key: project.entity.key,
    at: newest.asOf,
  } as const
  for (const run of ['first', 'second']) {
    await timed(`join all labels with 14 features of 4 views (${run} time)`, entities, () => joined(whole))
  }
  const keys = Array.from({ length: entities }, (_, i) => key(i))
  const at = keys.map((_, i) => snapshots[i % MONTHS]!.asOf)
  await timed('join as many rows at three dates', entities, () => joined({ kind: 'rows', keys, at }))
}

/** One month into an empty store, and the next one over it: every entity of it gets new values. */
async function putOnline(offline: OfflineStore, online: OnlineStore, history: readonly Snapshot[], entities: number) {
  for (const months of [1, 2]) {
    const snapshots = {
      now: async () => '2024-06-01T00:00:00.000000Z',
      list: async () => history.slice(0, months),
      pushes: async () => [],
    } as unknown as Snapshots
    const what = `materialize 14 features of 4 views, month ${months}`
    await timed(what, entities, () => materialize({ snapshots, offline, online }, project))
  }
}

async function measure(entities: number): Promise<void> {
  const folder = await mkdtemp(join(os.tmpdir(), 'vigie-bench-'))
  const offline = await openOfflineStore({ folder: join(folder, 'tables') })
  const online = openOnlineStore(join(folder, 'online.lmdb'))
  try {
    const snapshots = await ingest(offline, folder, entities)
    await joins(offline, snapshots, entities)
    await putOnline(offline, online, snapshots, entities)
  } finally {
    await online.close()
    await offline.close()
    await rm(folder, { recursive: true })
  }
}

const sizes = process.argv.slice(2).map(Number)
for (const entities of sizes.length > 0 ? sizes : [7043, 1_000_000]) await measure(entities)
