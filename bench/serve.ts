// How fast `/predict` and Feast's `/get-online-features` answer: a fresh server process with a forest of 300 full-depth
// trees and 7,000 entities of 14 features in 4 views, loaded from another process. Prints one JSON line a load.
//
//   node scripts/run.mjs bench/serve.ts [seconds a run] [predict|feast]

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import project from '../examples/streamflow/vigie.config.ts'
import { openOfflineStore } from '../packages/vigie/src/adapters/duckdb/offline-store.ts'
import { openOnlineStore } from '../packages/vigie/src/adapters/lmdb/online-store.ts'
import { localArtefacts } from '../packages/vigie/src/adapters/local/artefacts.ts'
import { localReports } from '../packages/vigie/src/adapters/local/reports.ts'
import { localVectorLog } from '../packages/vigie/src/adapters/local/vector-log.ts'
import { openDatabase } from '../packages/vigie/src/adapters/postgres/database.ts'
import { startPostgres, stopPostgres } from '../packages/vigie/src/adapters/postgres/embedded/index.ts'
import { postgresRegistry } from '../packages/vigie/src/adapters/postgres/registry.ts'
import { postgresSnapshots } from '../packages/vigie/src/adapters/postgres/snapshots.ts'
import { workerThreads } from '../packages/vigie/src/adapters/threads/threads.ts'
import { asOf, endOfDayMs } from '../packages/vigie/src/domain/as-of.ts'
import { featureSpecHash } from '../packages/vigie/src/domain/feature-spec.ts'
import { type Frame, takeRows } from '../packages/vigie/src/domain/frame.ts'
import { parseArtefact } from '../packages/vigie/src/domain/model/artefact.ts'
import { TRUE_OR_FALSE } from '../packages/vigie/src/domain/model/target.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import { startServer } from '../packages/vigie/src/http/server.ts'
import { machine } from './machine.ts'
import { postLoad } from './post-load.ts'
import { watchTree } from './process-tree.ts'

const ENTITIES = 7000
const JANUARY = asOf('2024-01-31')
const THIS_FILE = fileURLToPath(import.meta.url)

/** Entities like StreamFlow's. A third of their labels follows from the features, so trees are as deep as real ones. */
function madeUp(): Frame {
  const random = seededRandom(7)
  const columns = project.model.features.map(({ type, optional, categories }) =>
    Float64Array.from({ length: ENTITIES }, () => {
      if (optional && random.unit() < 0.2) return Number.NaN
      if (type === 'boolean') return random.unit() < 0.5 ? 1 : 0
      if (type === 'category') return random.below(categories?.length ?? 1)
      return type === 'int' ? random.below(40) : Math.round(random.unit() * 10_000) / 100
    }),
  )
  const [months, fee] = columns as [Float64Array, Float64Array]
  const label = Float64Array.from({ length: ENTITIES }, (_, i) => {
    const risk = 0.05 + (months[i]! < 12 ? 0.35 : 0) + (fee[i]! > 60 ? 0.15 : 0)
    return random.unit() < risk ? 1 : 0
  })
  const keys = Array.from({ length: ENTITIES }, (_, i) => `user-${String(i).padStart(5, '0')}`)
  return { spec: project.model.features, keys, columns, label }
}

/** Where a server's stores are, below one folder. */
const storesIn = (folder: string) => ({
  postgres: path.join(folder, 'postgres'),
  models: path.join(folder, 'models'),
  reports: path.join(folder, 'reports'),
  online: path.join(folder, 'online'),
  tables: path.join(folder, 'tables'),
  staging: path.join(folder, 'staging'),
  served: path.join(folder, 'served'),
})

async function openPorts(folder: string) {
  const at = storesIn(folder)
  const postgres = await startPostgres({ root: at.postgres })
  const database = await openDatabase({ url: postgres.url('vigie'), embedded: true })
  const ports = {
    registry: postgresRegistry(database),
    snapshots: postgresSnapshots(database),
    offline: await openOfflineStore({ folder: at.tables }),
    compute: workerThreads(),
    staging: at.staging,
    artefacts: localArtefacts(at.models),
    reports: localReports(at.reports),
    online: openOnlineStore(at.online),
    served: localVectorLog({ folder: at.served }),
  }
  const { online, offline, served, compute } = ports
  return {
    ports,
    postgres,
    close: () => Promise.all([database.close(), ...[online, offline, served, compute].map((store) => store.close())]),
  }
}

/** Fills the stores of a folder. Returns the number of nodes of the forest. */
async function prepare(folder: string): Promise<number> {
  const rows = madeUp()
  for (const name of ['models', 'reports'] as const) mkdirSync(storesIn(folder)[name])
  const compute = workerThreads()
  const training = Array.from({ length: ENTITIES * 0.75 }, (_, i) => i)
  const { bytes } = await compute.run('fit', {
    trainer: project.model.trainer,
    rows: takeRows(rows, training),
    threshold: 0.5,
    target: TRUE_OR_FALSE,
    trainingRowsHash: project.hash,
    definitionHash: project.hash,
  })
  await compute.close()
  const { ports, close } = await openPorts(folder)
  const { version, model } = await ports.registry.createVersion(
    {
      model: project.model.name,
      artefact: await ports.artefacts.put(bytes),
      artefactBytes: bytes.length,
      trainedAsOf: JANUARY,
      snapshots: [],
      trainingSet: null,
      trainingRowsHash: project.hash,
      trainingRows: training.length,
      trainingBaseRate: 0.27,
      featureSpecHash: featureSpecHash(project.model.features),
      definitionHash: project.hash,
      fingerprints: null,
      trainer: { ...project.model.trainer },
      policyHash: project.hash,
    },
    'bench',
  )
  await ports.registry.promote({ model, version, expectedEpoch: 0, decision: null, actor: 'bench' })
  for (const view of Object.keys(project.featureViews)) {
    const positions = rows.spec.flatMap((column, i) => (column.view === view ? [i] : []))
    const part = { ...rows, spec: positions.map((i) => rows.spec[i]!), columns: positions.map((i) => rows.columns[i]!) }
    const eventTimes = new Float64Array(ENTITIES).fill(endOfDayMs(JANUARY) * 1000 - 1)
    const known = { ...part, eventTimes, knownTimes: eventTimes }
    await ports.online.materialize(view, known, { mode: 'merge', versions: ['january'] })
  }
  await close()
  return parseArtefact(bytes).header.sections.nodes!
}

/** `healthyMs`: from the start of the process, with the stores present. */
type Started = { readonly url: string; readonly postgres: number; readonly healthyMs: number }

async function serve(folder: string): Promise<void> {
  const { ports, postgres, close } = await openPorts(folder)
  const logger = pino({ level: 'warn' })
  const server = await startServer({ ports, project, host: '127.0.0.1', port: 0, logger })
  process.on('message', (what) => {
    if (what === 'usage') process.send!(process.cpuUsage())
    else
      void server
        .close()
        .then(close)
        .then(() => process.exit())
  })
  process.send!({ url: server.url, postgres: postgres.pid, healthyMs: performance.now() } satisfies Started)
}

/** What is asked: predictions of one entity, or all 14 features of some, named one by one as Feast's client does. */
interface Load {
  readonly path: '/predict' | '/get-online-features'
  readonly rows: number
  readonly connections: number
}

const LOADS: Readonly<Record<string, readonly Load[]>> = {
  predict: [
    { path: '/predict', rows: 1, connections: 1 },
    { path: '/predict', rows: 1, connections: 16 },
  ],
  feast: [
    { path: '/get-online-features', rows: 1, connections: 1 },
    { path: '/get-online-features', rows: 10, connections: 1 },
    { path: '/get-online-features', rows: 1, connections: 16 },
  ],
}

/** Milliseconds. */
interface Loaded {
  readonly requests: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
}

async function load(base: string, { path, rows, connections }: Load, seconds: number): Promise<Loaded> {
  const random = seededRandom(3)
  const key = () => `user-${String(random.below(ENTITIES)).padStart(5, '0')}`
  const features = project.model.features.map(({ view, feature }) => `${view}:${feature}`)
  const bodies = Array.from({ length: 1000 }, () => {
    const keys = Array.from({ length: rows }, key)
    return JSON.stringify(path === '/predict' ? { user_id: keys[0] } : { features, entities: { user_id: keys } })
  })
  const { latencies, failed } = await postLoad(base + path, bodies, { connections, seconds })
  const sorted = latencies.toSorted()
  const quantile = (q: number) => Math.round(sorted[Math.floor(q * sorted.length)]! * 1000) / 1000
  const requests = sorted.length
  return { requests, requestsPerSecond: requests / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99), failed }
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  return (await once(child, 'message'))[0] as T
}

/** Memory of a process and everything below it now, in MB. */
const treeMb = (pid: number): number => watchTree(pid).stop().peakMb

async function main(seconds: number, only: string): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vigie-bench-'))
  const nodes = await prepare(folder)
  const server = fork(THIS_FILE, ['serve', folder])
  const { url, postgres, healthyMs } = await answerOf<Started>(server)
  const cpuMs = async (): Promise<number> => {
    server.send('usage')
    const { user, system } = await answerOf<NodeJS.CpuUsage>(server)
    return (user + system) / 1000
  }
  const run = async (what: Load, seconds: number) => {
    const before = await cpuMs()
    const result = await answerOf<Loaded>(fork(THIS_FILE, ['load', url, JSON.stringify(what), String(seconds)]))
    return { ...result, cpuMsPerRequest: ((await cpuMs()) - before) / result.requests }
  }
  for (const what of LOADS[only] ?? Object.values(LOADS).flat()) {
    await run({ ...what, connections: 16 }, 2)
    const { requests, requestsPerSecond, cpuMsPerRequest, ...result } = await run(what, seconds)
    console.log(
      JSON.stringify({
        bench: 'serve',
        ...machine(),
        nodes,
        healthyMs: Math.round(healthyMs),
        ...what,
        requestsPerSecond: Math.round(requestsPerSecond),
        ...result,
        cpuMsPerRequest: Math.round(cpuMsPerRequest * 1000) / 1000,
        memoryMb: Math.round(treeMb(server.pid!) + treeMb(postgres)),
      }),
    )
  }
  server.send('stop')
  await once(server, 'exit')
  await stopPostgres({ root: storesIn(folder).postgres })
  rmSync(folder, { recursive: true })
}

const [role = 'main', ...given] = process.argv.slice(2)
if (role === 'serve') await serve(given[0]!)
else if (role === 'load') process.send!(await load(given[0]!, JSON.parse(given[1]!) as Load, Number(given[2])))
else await main(role === 'main' ? 10 : Number(role), given[0] ?? '')
