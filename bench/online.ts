// The online store alone: how long one entity's 14 features of 4 views take to read in the process that serves, with
// times and statuses, and how much a prediction pays for keeping its vector. Prints one JSON line a figure.
//
//   node scripts/run.mjs bench/online.ts [entities ...]      (7043 and 1000000)
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import project from '../examples/streamflow/vigie.config.ts'
import { openOnlineStore } from '../packages/vigie/src/adapters/lmdb/online-store.ts'
import { localVectorLog } from '../packages/vigie/src/adapters/local/vector-log.ts'
import { viewInputs } from '../packages/vigie/src/define/model-input.ts'
import { seededRandom } from '../packages/vigie/src/domain/random.ts'
import type { OnlineStore } from '../packages/vigie/src/ports/online-store.ts'

const MONTH_MICROS = 30 * 86_400_000_000
const EVENT = Date.UTC(2024, 1, 1) * 1000 - 1
const NOW = EVENT + MONTH_MICROS / 2
const READS = 30_000
const WARM_UP = 10_000

function print(figure: Readonly<Record<string, string | number>>): void {
  process.stdout.write(`${JSON.stringify({ bench: 'online', ...figure, cpu: os.cpus()[0]?.model ?? '' })}\n`)
}

function round(x: number): number {
  return Number(x.toPrecision(3))
}

/** Scattered like real keys, so that the store is not helped by their order. */
function key(i: number): string {
  return `${String((i * 7919) % 10_000).padStart(4, '0')}-${i.toString(36).toUpperCase().padStart(5, '0')}`
}

async function fill(online: OnlineStore, entities: number): Promise<void> {
  const keys = Array.from({ length: entities }, (_, i) => key(i)).sort()
  const times = new Float64Array(entities).fill(EVENT)
  const random = seededRandom(1)
  for (const view of Object.keys(project.featureViews)) {
    const spec = viewInputs(project, view)
    const columns = spec.map(() => Float64Array.from({ length: entities }, () => random.unit()))
    const rows = { spec, keys, columns, label: null, eventTimes: times, knownTimes: times }
    const start = performance.now()
    await online.materialize(view, rows, { mode: 'merge', versions: ['january'] })
    const seconds = round((performance.now() - start) / 1000)
    print({ what: `write view ${view} into an empty store`, entities, seconds })
  }
}

/** One call an event loop turn, as a server does it, so each pays for a fresh view of the database. */
async function timed(what: string, entities: number, call: (i: number) => void): Promise<void> {
  const micros: number[] = []
  for (let i = 0; i < READS; i++) {
    const start = performance.now()
    call(i)
    micros.push((performance.now() - start) * 1000)
    await setImmediate()
  }
  const sorted = micros.slice(WARM_UP).sort((a, b) => a - b)
  const at = (share: number) => round(sorted[Math.floor(share * sorted.length)]!)
  print({ what, entities, p50Us: at(0.5), p99Us: at(0.99) })
}

async function measure(entities: number): Promise<void> {
  const folder = await mkdtemp(join(os.tmpdir(), 'vigie-bench-'))
  const online = openOnlineStore(join(folder, 'online.lmdb'))
  const log = localVectorLog({ folder: join(folder, 'served') })
  const request = {
    features: project.model.features,
    maxAges: Object.fromEntries(Object.keys(project.featureViews).map((view) => [view, MONTH_MICROS])),
  }
  const any = (i: number) => key((i * 104_729) % entities)
  try {
    await fill(online, entities)
    await timed('read 14 features of 4 views', entities, (i) => {
      if (online.read(any(i), request, NOW).statuses.includes('NOT_FOUND')) throw new Error('an entity is missing')
    })
    await timed('read and keep for parity', entities, (i) => {
      const vector = online.read(any(i), request, NOW)
      log.append(request, { key: any(i), at: NOW, stamp: online.stamp(), vector })
    })
    await log.flush()
    if (log.dropped() > 0) throw new Error(`${log.dropped()} vectors were dropped`)
  } finally {
    await log.close()
    await online.close()
    await rm(folder, { recursive: true })
  }
}

const sizes = process.argv.slice(2).map(Number)
for (const entities of sizes.length > 0 ? sizes : [7043, 1_000_000]) await measure(entities)
