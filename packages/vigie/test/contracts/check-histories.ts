import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { SourceContract } from '../../src/domain/contract.ts'
import { previousOf } from '../../src/domain/feature-spec.ts'
import type { OfflineStore } from '../../src/ports/offline-store.ts'
import type { Push, Snapshot, TableFile } from '../../src/ports/snapshots.ts'
import { contractOf, featureOf, importRows, snapshotOf, viewOf } from '../delivery.ts'
import { endOf, NETS, type Row, SOURCES, type Source, type World, worlds } from './histories.ts'
import { type Chosen, type Moment, search, searchPrevious } from './search-history.ts'

/** Every source has a number and a category; the snapshots also what they had before. */
const FEATURES = [
  ...SOURCES.flatMap((source) => [featureOf(source, 'number', 'int'), featureOf(source, 'net', 'category', NETS)]),
  previousOf(featureOf('snap', 'number', 'int')),
  previousOf(featureOf('snap', 'net', 'category', NETS)),
]

/**
 * Joins the spines of random worlds, by dates and by instants, with and without knowledge, and asks for their newest
 * rows; compares every value with `search`.
 */
export async function checkHistories(
  openStore: (folder: string) => Promise<OfflineStore>,
  { histories, worlds: numRuns, seed }: { readonly histories: number; readonly worlds: number; readonly seed: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(worlds(histories), async (world) => {
      const folder = await mkdtemp(join(tmpdir(), 'vigie-histories-'))
      const store = await openStore(join(folder, 'tables'))
      try {
        await checkWorld(store, world, await deliver(store, folder, world))
      } finally {
        await store.close()
        await rm(folder, { recursive: true })
      }
    }),
    // A world is large: the failing row is named, which tells more than a smaller world that takes hours to find.
    { seed, numRuns, endOnFailure: true },
  )
}

interface Delivered {
  readonly snapshots: readonly Snapshot[]
  readonly pushes: readonly Push[]
}

function contractFor(source: Source): SourceContract {
  const time = (name: string) => ({ name, type: 'timestamp', optional: false }) as const
  const values = [
    { name: 'number', type: 'int', optional: true },
    { name: 'net', type: 'category', optional: true, categories: NETS },
  ] as const
  if (source === 'snap') return contractOf(source, values)
  const times = { eventTime: 'time', createdTime: source === 'edits' ? 'created' : null }
  return {
    ...contractOf(source, [time('time'), ...(source === 'edits' ? [time('created')] : []), ...values]),
    ...times,
  }
}

async function deliver(store: OfflineStore, folder: string, world: World): Promise<Delivered> {
  const snapshots: Snapshot[] = []
  const pushes: Push[] = []
  const imported = async (source: Source, batch: number): Promise<TableFile> => {
    const rows = world.rows.filter((row) => row.source === source && row.batch === batch)
    const texts = rows.map(({ key, time, created, number, net }) => [
      key,
      ...[time, created].flatMap((at) => (at === null ? [] : [instant(at)])),
      number === null ? '' : String(number),
      net === null ? '' : NETS[net]!,
    ])
    return importRows(store, folder, contractFor(source), texts)
  }
  for (const [i, { id, asOf, version, pushed, lacks, known }] of world.batches.entries()) {
    if (pushed !== null) {
      pushes.push({ id, source: pushed, knownAt: instant(known), table: await imported(pushed, i) })
      continue
    }
    const tables: Record<string, TableFile> = {}
    for (const source of SOURCES) if (!lacks.includes(source)) tables[source] = await imported(source, i)
    snapshots.push(snapshotOf(asOf!, tables, { id, version, knownAt: instant(known) }))
  }
  return { snapshots, pushes }
}

async function checkWorld(store: OfflineStore, world: World, delivered: Delivered): Promise<void> {
  const byKey = Map.groupBy(world.rows, (row) => row.key)
  const views = SOURCES.map((source) => {
    const { eventTime, createdTime } = contractFor(source)
    return viewOf(source, source, {
      eventTime,
      createdTime,
      ttlMs: world.ttl[source],
      arrivesMs: world.arrives[source],
    })
  })
  const keys = world.asked.map(({ key }) => key)
  for (const eventTimeOnly of [false, true]) {
    for (const by of ['date', 'instant'] as const) {
      const at =
        by === 'date'
          ? world.asked.map(({ date }) => date)
          : Float64Array.from(world.asked, ({ instant }) => Number(instant))
      const spine = { kind: 'rows', keys, at } as const
      const joined = await store.pointInTimeJoin({ spine, features: FEATURES, views, ...delivered, eventTimeOnly })
      expect(joined.keys).toEqual(keys)
      for (const [i, { key, date, instant }] of world.asked.entries()) {
        const end = endOf(date)
        const moment = by === 'date' ? { event: end - 1n, known: end } : { event: instant, known: instant }
        const rows = byKey.get(key) ?? []
        const expected = SOURCES.map((source) => {
          const chosen = search(world, source, rows, moment, { eventTimeOnly })
          const ttl = world.ttl[source]
          return chosen && (ttl === null || moment.event - chosen.event <= BigInt(ttl) * 1000n) ? chosen : null
        })
        const values = [
          ...expected.flatMap(valuesOf),
          ...previousValues(world, rows, expected[0]!, moment, eventTimeOnly),
        ]
        const found = joined.columns.map((column) => orNull(column[i]!))
        const times = SOURCES.map((source) => orNull(joined.eventTimes.get(source)![i]!))
        const wanted = [values, expected.map((chosen) => chosen && Number(chosen.event))]
        same([found, times], wanted, () => ({ by, eventTimeOnly, key, moment, world, rows }))
      }
    }
  }
  for (const { at, only } of world.newest) {
    for (const view of views) await checkNewest(store, world, byKey, { view, at, only, ...delivered })
  }
}

async function checkNewest(
  store: OfflineStore,
  world: World,
  byKey: ReadonlyMap<string, readonly Row[]>,
  asked: Delivered & { view: ReturnType<typeof viewOf>; at: bigint; only: readonly string[] | null },
): Promise<void> {
  const { view, at, only, snapshots, pushes } = asked
  const source = view.from as Source
  const features = FEATURES.filter((feature) => feature.view === source)
  const rest = only ? { only: new Set(only) } : {}
  const newest = await store.newest({ view, features, snapshots, pushes, at: Number(at), ...rest })
  const moment = { event: at, known: at }
  const expected = Array.from(byKey, ([key, rows]) => ({
    key,
    rows,
    chosen: search(world, source, rows, moment, { only }),
  }))
    .filter(({ chosen }) => chosen !== null)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  expect(newest.keys).toEqual(expected.map(({ key }) => key))
  for (const [i, { key, rows, chosen }] of expected.entries()) {
    const previous = source === 'snap' ? previousValues(world, rows, chosen, moment) : []
    const found = [newest.columns.map((column) => orNull(column[i]!)), newest.eventTimes[i], newest.knownTimes[i]]
    const wanted = [[...valuesOf(chosen), ...previous], Number(chosen!.event), Number(chosen!.known)]
    same(found, wanted, () => ({ newest: source, at, only, key, world, rows }))
  }
}

function valuesOf(chosen: Pick<Chosen, 'row'> | null): readonly (number | null)[] {
  return [chosen?.row.number ?? null, chosen?.row.net ?? null]
}

function previousValues(
  world: World,
  rows: readonly Row[],
  chosen: Chosen | null,
  moment: Moment,
  eventTimeOnly = false,
) {
  const row = chosen && searchPrevious(world, rows, chosen, moment, eventTimeOnly)
  return valuesOf(row && { row })
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

/** The test library's comparison is far too slow for every row. */
function same(found: unknown, wanted: unknown, where: () => Readonly<Record<string, unknown>>): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return
  const { world, ...rest } = where()
  const { batches, ttl, arrives } = world as World
  expect({ found, ...rest, batches, ttl, arrives }).toEqual({ found: wanted, ...rest, batches, ttl, arrives })
}

function instant(us: bigint): string {
  const fraction = String(us % 1_000_000n).padStart(6, '0')
  return new Date(Number(us / 1_000_000n) * 1000).toISOString().replace('.000Z', `.${fraction}Z`)
}
