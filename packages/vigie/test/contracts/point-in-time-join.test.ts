import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { type AsOf, asOf, asOfFromDays, endOfDayMs } from '../../src/domain/as-of.ts'
import type { OfflineStore, ViewSource } from '../../src/ports/offline-store.ts'
import type { Snapshot, TableFile } from '../../src/ports/snapshots.ts'
import { contractOf, featureOf, importRows, snapshotOf, viewOf } from '../delivery.ts'

const adapters: readonly [string, (folder: string) => Promise<OfflineStore>][] = [
  ['DuckDB over Parquet', (folder) => openOfflineStore({ folder })],
]

const DAY = 86_400_000
const KEYS = ['u0', 'u1', 'u2', 'u3', 'u4']
/** `c` is read twice, from two views with other times. */
const features = [featureOf('left', 'a', 'int'), featureOf('right', 'c', 'float'), featureOf('left', 'b', 'boolean')]

/** What one table holds; a key that is not in it was not delivered, null was delivered as null. */
type Content = ReadonlyMap<string, Readonly<Record<string, number | null>>>

/** Histories are put together from these, because a table costs far more than a join. */
const POOL = 24

describe.each(adapters)('point-in-time join: %s', (_name, openStore) => {
  let folder: string
  let store: OfflineStore
  const pool: { readonly left: TableFile; readonly right: TableFile; readonly content: Content }[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-join-'))
    store = await openStore(join(folder, 'tables'))
    const cell = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 })
    const row = fc.record({
      a: cell(fc.integer()),
      b: cell(fc.constantFrom(0, 1)),
      c: cell(fc.double({ noNaN: true, noDefaultInfinity: true })),
    })
    const contents = fc.sample(fc.array(fc.option(row, { freq: 2 }), { minLength: 5, maxLength: 5 }), {
      seed: 7,
      numRuns: POOL,
    })
    for (const rows of contents) {
      const content = new Map(rows.flatMap((values, i) => (values ? [[KEYS[i]!, values] as const] : [])))
      pool.push({ ...(await importContent(store, folder, content)), content })
    }
  })

  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  test('equals a search through the whole history, for late data, corrections, gaps, nulls and ttl', async () => {
    const day = fc.integer({ min: 0, max: 8 })
    const history = fc.record({
      versions: fc.array(
        fc.record({
          day,
          delayUs: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 4 * DAY * 1000 })),
          table: fc.nat(POOL - 1),
          withLeft: fc.boolean(),
        }),
        { maxLength: 8 },
      ),
      spine: fc.array(fc.tuple(fc.constantFrom(...KEYS, 'nobody'), day), { minLength: 1, maxLength: 12 }),
      ttlDays: fc.option(fc.integer({ min: 0, max: 5 })),
      arrivesDays: fc.integer({ min: 0, max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(history, async ({ versions, spine, ttlDays, arrivesDays }) => {
        const views: ViewSource[] = [
          viewOf('left', 'left_file', { arrivesMs: arrivesDays * DAY }),
          viewOf('right', 'right_file', { ttlMs: ttlDays === null ? null : ttlDays * DAY }),
        ]
        const committed = versions.map(({ day, delayUs, table, withLeft }, i) => {
          const { left, right, content } = pool[table]!
          const tables = { right_file: right, ...(withLeft ? { left_file: left } : {}) }
          const snapshot = snapshotOf(asOfFromDays(day), tables, {
            id: String(i),
            version: 1 + versions.slice(0, i).filter((earlier) => earlier.day === day).length,
            knownAt: instant(BigInt(endOfDayMs(asOfFromDays(day))) * 1000n + BigInt(delayUs)),
          })
          return { snapshot, knownUs: endOfDayMs(snapshot.asOf) * 1000 + delayUs, content }
        })
        const frame = await store.pointInTimeJoin({
          spine: { kind: 'rows', keys: spine.map(([key]) => key), at: spine.map(([, at]) => asOfFromDays(at)) },
          features,
          views,
          snapshots: committed.map(({ snapshot }) => snapshot),
        })
        const expected = features.map(({ view, feature }) => {
          const source = views.find((candidate) => candidate.view === view)!
          return Float64Array.from(
            spine,
            ([key, at]) => search(committed, source, key, asOfFromDays(at))?.[feature] ?? Number.NaN,
          )
        })
        expect(frame.columns).toEqual(expected)
        expect(frame.keys).toEqual(spine.map(([key]) => key))
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  test('a spine of many rows keeps its order and its repetitions', async () => {
    const content: Content = new Map(KEYS.map((key, i) => [key, { a: i, b: null, c: i / 2 }]))
    const { left, right } = await importContent(store, folder, content)
    const at = asOf('2024-01-31')
    const knownAt = '2024-02-01T00:00:00Z'
    const snapshots = [snapshotOf(at, { left_file: left, right_file: right }, { knownAt })]
    const keys = Array.from({ length: 10_000 }, (_, i) => `u${(i * 7) % 6}`)
    const frame = await store.pointInTimeJoin({
      spine: { kind: 'rows', keys, at: keys.map((_, i) => (i % 3 ? at : asOf('2024-06-30'))) },
      features,
      views: ['left', 'right'].map((view) => viewOf(view, `${view}_file`)),
      snapshots,
    })
    expect(frame.columns[0]).toEqual(Float64Array.from(keys, (key) => content.get(key)?.a ?? Number.NaN))
    expect(frame.keys).toBe(keys)
  })
})

interface Committed {
  readonly snapshot: Snapshot
  readonly knownUs: number
  readonly content: Content
}

/** The definition of the join, word by word: row by row, version by version. */
function search(history: readonly Committed[], view: ViewSource, key: string, at: AsOf) {
  const end = endOfDayMs(at)
  let best: { readonly snapshot: Snapshot; readonly values: Readonly<Record<string, number | null>> } | null = null
  for (const candidate of history) {
    const { snapshot, knownUs, content } = candidate
    const known = (other: Committed) => other.knownUs <= (end + view.arrivesMs) * 1000
    const replaced = history.some(
      (other) =>
        other.snapshot.asOf === snapshot.asOf &&
        known(other) &&
        (other.knownUs > knownUs || (other.knownUs === knownUs && other.snapshot.version > snapshot.version)),
    )
    const fresh = view.ttlMs === null || endOfDayMs(snapshot.asOf) >= end - view.ttlMs
    const values = snapshot.tables[view.from] ? content.get(key) : undefined
    if (snapshot.asOf > at || !known(candidate) || replaced || !fresh || !values) continue
    if (!best || snapshot.asOf > best.snapshot.asOf) best = { snapshot, values }
  }
  return best?.values
}

function instant(us: bigint): string {
  const fraction = String(us % 1_000_000n).padStart(6, '0')
  return new Date(Number(us / 1_000_000n) * 1000).toISOString().replace('.000Z', `.${fraction}Z`)
}

async function importContent(store: OfflineStore, folder: string, content: Content) {
  const left = contractOf('left_file', [
    { name: 'a', type: 'int', optional: true },
    { name: 'b', type: 'boolean', optional: true },
  ])
  const right = contractOf('right_file', [{ name: 'c', type: 'float', optional: true }])
  const text = (value: number | null | undefined) => (Object.is(value, -0) ? '-0' : String(value ?? ''))
  const flag = (value: number | null | undefined) => (value === null ? '' : value === 1 ? 'True' : 'False')
  const rows = [...content]
  return {
    left: await importRows(
      store,
      folder,
      left,
      rows.map(([key, { a, b }]) => [key, text(a), flag(b)]),
    ),
    right: await importRows(
      store,
      folder,
      right,
      rows.map(([key, { c }]) => [key, text(c)]),
    ),
  }
}
