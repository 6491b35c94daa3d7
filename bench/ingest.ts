// Ingest, with every check, beside DuckDB's own strict read. Prints one JSON line a figure.
//
//   node scripts/run.mjs bench/ingest.ts [part ...]      (rows month memory; memory takes a file of 1 GB)
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { simulate } from '../examples/streamflow/simulate.ts'
import streamflow from '../examples/streamflow/vigie.config.ts'
import { openDatabase } from '../packages/vigie/src/adapters/duckdb/database.ts'
import { openHouse } from '../packages/vigie/src/cli/house.ts'
import { settings } from '../packages/vigie/src/cli/settings.ts'
import type { Project } from '../packages/vigie/src/define/project.ts'
import { asOf } from '../packages/vigie/src/domain/as-of.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import {
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  randomForest,
  share,
  stableHoldout,
} from '../packages/vigie/src/index.ts'
import { ingest } from '../packages/vigie/src/loop/ingest.ts'
import type { Ports } from '../packages/vigie/src/ports/ports.ts'
import { machine } from './machine.ts'

const ROWS = 1_000_000
const REPEATS = 3
const user = entity({ key: 'user_id', type: f.string() })
const plans = ['month to month', 'one year', 'two years', 'prepaid'] as const

/** One file of fourteen features of all kinds; the labels are few, so that it is this file which is measured. */
const wide = defineProject({
  name: 'wide',
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: {
    activity: featureView({
      entity: user,
      from: 'activity',
      features: {
        x0: f.optional(f.float({ min: 0 })),
        x1: f.optional(f.float({ min: 0 })),
        x2: f.optional(f.float({ min: 0 })),
        x3: f.float(),
        x4: f.float(),
        x5: f.float(),
        n0: f.int({ min: 0 }),
        n1: f.int({ min: 0, max: 100 }),
        n2: f.int(),
        n3: f.int(),
        b0: f.boolean(),
        b1: f.boolean(),
        c0: f.category(...plans),
        c1: f.category(...plans),
      },
    }),
  },
  label: label({ entity: user, from: 'labels', column: 'left', type: f.boolean() }),
  model: {
    name: 'wide_model',
    features: ['activity.*'],
    trainer: randomForest({ trees: 10, maxFeatures: 'sqrt', classWeight: 'balanced', seed: 1 }),
    holdout: stableHoldout({ fraction: 0.25 }),
    metrics: ['auc'],
  },
  monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.5) },
  promotion: { metric: 'auc', minGain: 0.01, confidence: 0.95 },
}) as unknown as Project

const COLUMNS = Object.entries(wide.featureViews.activity!.features)
const DUCKDB_TYPES = { float: 'DOUBLE', int: 'BIGINT', boolean: 'BOOLEAN', category: 'VARCHAR' } as Record<
  string,
  string
>

/** Scattered like real keys, so that no sort is helped by their order. */
const key = (i: number) =>
  `${String((i * 7919) % 10_000).padStart(4, '0')}-${i.toString(36).toUpperCase().padStart(5, '0')}`

async function writeWide(dir: string, rows: number, month: number): Promise<string> {
  await mkdir(dir, { recursive: true })
  const file = path.join(dir, 'activity.csv')
  const out = createWriteStream(file)
  const random = seededRandom(month, rows)
  out.write(`user_id,${COLUMNS.map(([name]) => name).join(',')}\n`)
  let lines: string[] = []
  for (let i = 0; i < rows; i++) {
    lines.push(`${key(i)},${COLUMNS.map(([, { type, optional }]) => text(type, optional, random)).join(',')}\n`)
    if (lines.length < 10_000 && i < rows - 1) continue
    if (!out.write(lines.join(''))) await once(out, 'drain')
    lines = []
  }
  out.end()
  await once(out, 'close')
  const labels = createWriteStream(path.join(dir, 'labels.csv'))
  labels.end(
    `user_id,left\n${Array.from({ length: 1000 }, (_, i) => `${key(i)},${i % 3 ? 'True' : 'False'}\n`).join('')}`,
  )
  await once(labels, 'close')
  return file
}

function text(type: string, optional: boolean, random: ReturnType<typeof seededRandom>): string {
  if (optional && random.below(10) === 0) return ''
  if (type === 'float') return String(Math.round(random.unit() * 100_000) / 1000)
  if (type === 'int') return String(random.below(72))
  return type === 'boolean' ? (random.below(2) ? 'True' : 'False') : plans[random.below(plans.length)]!
}

/** Wall and CPU seconds of this process, all its threads included. */
async function measured(body: () => Promise<unknown>): Promise<{ wall: number; cpu: number }> {
  const [cpu, from] = [process.cpuUsage(), performance.now()]
  await body()
  const { user: inUser, system } = process.cpuUsage(cpu)
  return { wall: (performance.now() - from) / 1000, cpu: (inUser + system) / 1e6 }
}

const round = (x: number) => Number(x.toPrecision(3))
const least = (runs: readonly { readonly wall: number; readonly cpu: number }[]) => ({
  wallSeconds: round(Math.min(...runs.map((run) => run.wall))),
  cpuSeconds: round(Math.min(...runs.map((run) => run.cpu))),
})

function print(figure: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ bench: 'ingest', ...figure, ...machine() })}\n`)
}

async function inHouse<T>(folder: string, project: Project, body: (ports: Ports) => Promise<T>): Promise<T> {
  const config = fileURLToPath(new URL('../examples/streamflow/vigie.config.ts', import.meta.url))
  const house = await openHouse(settings({ config, home: path.join(folder, 'home') }, {}, folder), project)
  try {
    return await body(house.ports)
  } finally {
    await house.close({ andStop: true })
  }
}

/** DuckDB's strict reader with the types told, written as it stands: no check, no order, no hash. */
async function duckdb(folder: string, file: string): Promise<void> {
  const database = await openDatabase({ temporary: path.join(folder, 'spill'), threads: 2, memoryLimit: '1GB' })
  const connection = await database.connect()
  const types = [['user_id', 'VARCHAR'], ...COLUMNS.map(([name, { type }]) => [name, DUCKDB_TYPES[type]])]
  await connection.run(`copy (select * from read_csv('${file}', auto_detect = false, header = true, strict_mode = true,
    delim = ',', quote = '"', escape = '"', columns = {${types.map(([name, type]) => `'${name}': '${type}'`).join(', ')}}))
    to '${path.join(folder, 'duckdb.parquet')}' (format parquet)`)
  connection.closeSync()
  database.closeSync()
}

async function rows(folder: string): Promise<void> {
  const dates = ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'].map((date) => asOf(date))
  const files = await Promise.all(dates.map((_, month) => writeWide(path.join(folder, `m${month}`), ROWS, month)))
  await inHouse(folder, wide, async (ports) => {
    const take = (month: number) => ingest(ports, wide, { dir: path.dirname(files[month]!), asOf: dates[month]! })
    await take(0)
    const [ours, theirs] = [[], []] as { wall: number; cpu: number }[][]
    for (let month = 1; month <= REPEATS; month++) {
      theirs!.push(await measured(() => duckdb(folder, files[month]!)))
      ours!.push(await measured(() => take(month)))
    }
    const [vigie, peer] = [least(ours!), least(theirs!)]
    print({
      what: 'ingest 1M rows x 14 with all checks, gates and report',
      megabytes: round((await stat(files[1]!)).size / 1e6),
      ...vigie,
      duckdb: peer,
      timesTheCpu: round(vigie.cpuSeconds / peer.cpuSeconds),
    })
  })
}

async function month(folder: string): Promise<void> {
  const months = path.join(folder, 'months')
  await simulate({ dir: months, users: 7043, seed: 7 })
  await inHouse(folder, streamflow as unknown as Project, async (ports) => {
    const runs: { wall: number; cpu: number }[] = []
    for (const [i, date] of ['2024-01-31', '2024-02-29', '2024-03-31'].entries()) {
      const dir = path.join(months, `month_00${i}`)
      const approvals = { codes: [], actor: 'bench' }
      runs.push(
        await measured(() => ingest(ports, streamflow as unknown as Project, { dir, asOf: asOf(date), approvals })),
      )
    }
    print({
      what: 'ingest a month of 7,043 users in six files',
      first: least(runs.slice(0, 1)),
      warm: least(runs.slice(1)),
    })
  })
}

/** Peak memory of a whole process that ingests one file of 1 GB. */
async function memory(folder: string): Promise<void> {
  const dir = path.join(folder, 'large')
  const file = await writeWide(dir, 10_500_000, 1)
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), 'child', dir, folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [status] = await once(child, 'exit')
  if (status !== 0) throw new Error(`the ingest of ${file} ended with ${status}`)
}

async function ingestHere(dir: string, folder: string): Promise<void> {
  await inHouse(folder, wide, async (ports) => {
    const run = await measured(() => ingest(ports, wide, { dir, asOf: asOf('2024-01-31') }))
    const peakKb = /VmHWM:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
    const { size } = await stat(path.join(dir, 'activity.csv'))
    print({
      what: 'peak memory of the process that ingests one file',
      gigabytes: round(size / 1e9),
      ...least([run]),
      peakMb: Math.round(Number(peakKb) / 1024),
    })
  })
}

const parts = { rows, month, memory }
const [first, dir, home] = process.argv.slice(2)
if (first === 'child') await ingestHere(dir!, home!)
else {
  const named = process.argv.slice(2) as (keyof typeof parts)[]
  for (const part of named.length > 0 ? named : (Object.keys(parts) as (keyof typeof parts)[])) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vigie-bench-'))
    try {
      await parts[part](folder)
    } finally {
      await rm(folder, { recursive: true })
    }
  }
}
