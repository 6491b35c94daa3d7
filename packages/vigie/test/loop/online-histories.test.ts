import path from 'node:path'
import { expect, it } from 'vitest'
import { openOnlineStore } from '../../src/adapters/lmdb/online-store.ts'
import { onlineInputs } from '../../src/define/model-input.ts'
import { type AsOf, asOf, endOfDayMs, monthEnd } from '../../src/domain/as-of.ts'
import { type Random, seededRandom } from '../../src/domain/random.ts'
import {
  defineProject,
  difference,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  randomForest,
  share,
  stableHoldout,
} from '../../src/index.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { liveParity } from '../../src/loop/parity/live-parity.ts'
import type { TableFile } from '../../src/ports/snapshots.ts'
import { writeCsv } from '../delivery.ts'
import { storesForTests } from './stores.ts'

const stores = storesForTests()
const item = entity({ key: 'id', type: f.string() })
const DAY_MS = 86_400_000
const FIRST = asOf('2024-01-31')

/** `days` is how old a click may be: some of them are too old at any time at which this runs, some are not. */
function clicksProject(days: number) {
  return defineProject({
    name: 'clicks',
    snapshots: { every: 'month', first: FIRST },
    featureViews: {
      plan: featureView({ entity: item, from: 'plans', features: { x: f.optional(f.float()) } }),
      click: featureView({
        entity: item,
        from: 'clicks',
        eventTime: 'at',
        createdTime: 'made',
        ttl: `${days}d`,
        features: { n: f.optional(f.int()), kind: f.category('a', 'b') },
      }),
    },
    derived: { change: difference('plan.x') },
    label: label({ entity: item, from: 'labels', column: 'gone', type: f.boolean() }),
    model: {
      name: 'clicks_model',
      features: ['plan.*', 'click.*', 'derived.*'],
      trainer: randomForest({ trees: 1, seed: 1 }),
      holdout: stableHoldout({ fraction: 0.3 }),
      metrics: ['auc'],
    },
    monitor: { against: 'previous-snapshot', drift: evidentlyRules(), retrainWhen: share.atLeast(0.5) },
    promotion: { metric: 'auc', minGain: 0.01 },
  })
}

type Clicks = ReturnType<typeof clicksProject>

const someone = (random: Random) => `item-${random.below(12)}`
const instant = (ms: number) => new Date(ms).toISOString()
let files = 0

async function table(project: Clicks, source: string, rows: readonly (readonly string[])[]): Promise<TableFile> {
  const contract = project.sources[source]!
  const header = source === 'plans' ? ['id', 'x'] : ['id', 'at', 'made', 'n', 'kind']
  const file = await writeCsv(stores.folder, `${source}-${files++}`, header, rows)
  return stores.ports.offline.importCsv(file, header, contract, rows.length)
}

/** Clicks before the end of a date. Times are few, so that many tie; some are told apart by when they were made. */
function clicksUntil(random: Random, end: number, rows: number): readonly (readonly string[])[] {
  const made = new Set<string>()
  return Array.from({ length: rows }, () => {
    const at = end - DAY_MS * random.below(70) - (random.below(2) === 0 ? 1 : DAY_MS / 2)
    return [
      someone(random),
      instant(at),
      instant(at + random.below(3)),
      random.below(4) === 0 ? '' : String(random.below(9)),
      'ab'[random.below(2)]!,
    ]
  }).filter(([id, at, when]) => {
    const times = `${id} ${at} ${when}`
    return !made.has(times) && made.add(times)
  })
}

async function deliver(project: Clicks, random: Random, date: AsOf, correction: boolean): Promise<void> {
  const ids = [...new Set(Array.from({ length: 10 }, () => someone(random)))]
  const plans = ids.map((id) => [id, random.below(5) === 0 ? '' : String(random.unit())])
  const tables = {
    plans: await table(project, 'plans', plans),
    clicks: await table(project, 'clicks', clicksUntil(random, endOfDayMs(date), random.below(25))),
  }
  const contentHash = `${files}`.padStart(64, '0')
  await stores.ports.snapshots.commit({ asOf: date, contentHash, rows: ids.length, tables, correction, arrivesMs: 0 })
}

async function push(project: Clicks, random: Random): Promise<void> {
  const rows = clicksUntil(random, Date.now() - DAY_MS * random.below(900), 1 + random.below(4))
  const id = `${files}`.padStart(16, '0')
  await stores.ports.snapshots.push({ id, source: 'clicks', table: await table(project, 'clicks', rows) })
}

it.each([1, 2, 3])(
  'events, pushes, late and corrected months, in any order and put online now and then: what is online is what the join finds (%i)',
  async (seed) => {
    const random = seededRandom(seed, 7)
    const oldest = Math.ceil((Date.now() - endOfDayMs(FIRST)) / DAY_MS)
    const project = clicksProject(oldest - 60)
    const features = onlineInputs(project)
    const live = () => liveParity(stores.ports, project, features, { rows: Number.POSITIVE_INFINITY, settleMs: 0 })
    const taken = new Set<AsOf>()
    for (let delivery = 0; delivery < 14; delivery++) {
      const date = monthEnd(FIRST, random.below(5))
      if (random.below(3) === 0) await push(project, random)
      else await deliver(project, random, date, taken.has(date))
      taken.add(date)
      const how = random.below(6)
      if (how === 0) continue
      if (how === 1) await materialize(stores.ports, project, { views: ['click'] })
      await materialize(stores.ports, project, how === 2 ? { full: true } : {})
      const { rows, equal, differences } = await live()
      expect(differences).toEqual([])
      expect([rows, equal]).toEqual([equal, rows])
      expect(rows).toBeGreaterThan(0)
    }
  },
)

it('two programs that put months and corrections online at once end in what the join finds', async () => {
  const random = seededRandom(5, 8)
  const project = clicksProject(10_000)
  const other = openOnlineStore(path.join(stores.folder, '..', 'online.lmdb'))
  const here = () => materialize(stores.ports, project)
  const there = () => materialize({ ...stores.ports, online: other }, project)
  try {
    await here()
    for (let round = 0; round < 4; round++) {
      const date = monthEnd(FIRST, round % 2)
      await Promise.all([
        here(),
        deliver(project, random, date, round > 1).then(() => Promise.all([here(), there(), there()])),
        push(project, random).then(() => Promise.all([there(), here()])),
      ])
    }
    for (const online of [stores.ports.online, other]) {
      const ports = { ...stores.ports, online }
      const { rows, equal, differences } = await liveParity(ports, project, onlineInputs(project), {
        rows: Number.POSITIVE_INFINITY,
        settleMs: 0,
      })
      expect(differences).toEqual([])
      expect(rows).toBe(equal)
      expect(rows).toBeGreaterThan(5)
    }
  } finally {
    await other.close()
  }
})
