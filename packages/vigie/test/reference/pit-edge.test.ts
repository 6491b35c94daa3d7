import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { SourceContract } from '../../src/domain/contract.ts'
import { micros } from '../../src/domain/point-in-time.ts'
import type { OfflineStore } from '../../src/ports/offline-store.ts'
import type { Snapshot } from '../../src/ports/snapshots.ts'
import { contractOf, featureOf, snapshotOf, viewOf } from '../delivery.ts'

const fixtures = join(import.meta.dirname, '../fixtures/pit_edge')
const DAY = 86_400_000
const B = ['x', 'y', 'y-late-correction', 'null-a', 'z', 'micro', 'old']
const features = [
  featureOf('fa', 'a', 'float'),
  featureOf('fa', 'b', 'category', B),
  featureOf('fb', 'c', 'float'),
] as const
const views = [
  viewOf('fa', 'source_a', { eventTime: 'event_ts', createdTime: 'created_ts' }),
  viewOf('fb', 'source_b', { eventTime: 'event_ts', ttlMs: 3 * DAY }),
]
const time = (name: string) => ({ name, type: 'timestamp', optional: false }) as const
const contracts: readonly SourceContract[] = [
  {
    ...contractOf('source_a', [
      time('event_ts'),
      time('created_ts'),
      { name: 'a', type: 'float', optional: true },
      { name: 'b', type: 'category', optional: true, categories: B },
    ]),
    eventTime: 'event_ts',
    createdTime: 'created_ts',
  },
  {
    ...contractOf('source_b', [time('event_ts'), { name: 'c', type: 'float', optional: true }]),
    eventTime: 'event_ts',
  },
]

describe('the edges of a point-in-time join, as Feast answers them', () => {
  let folder: string
  let store: OfflineStore
  let snapshot: Snapshot

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-pit-edge-'))
    store = await openOfflineStore({ folder })
    const tables: Record<string, Awaited<ReturnType<OfflineStore['importCsv']>>> = {}
    for (const contract of contracts) {
      const { header, rows } = await readRows(`${contract.name}.csv`)
      const file = join(fixtures, `${contract.name}.csv`)
      tables[contract.name] = await store.importCsv(file, header, contract, rows.length)
      await store.checkKeys(tables[contract.name]!, contract.name, 'user_id', null, contract)
    }
    snapshot = snapshotOf(asOf('2024-01-31'), tables)
  })

  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  test('with eventTimeOnly every row is what Feast gives, repeated rows included', async () => {
    const { rows } = await readRows('expected.csv')
    const frame = await store.pointInTimeJoin({
      spine: {
        kind: 'rows',
        keys: rows.map((row) => row.user_id!),
        at: Float64Array.from(rows, (row) => Number(micros(row.event_timestamp!))),
      },
      features,
      views,
      snapshots: [snapshot],
      eventTimeOnly: true,
    })
    const text = (value: number, categories?: readonly string[]) =>
      Number.isNaN(value) ? '' : (categories?.[value] ?? value.toFixed(1))
    const found = rows.map((row, i) => [
      row.row,
      text(frame.columns[0]![i]!),
      text(frame.columns[1]![i]!, B),
      text(frame.columns[2]![i]!),
    ])
    expect(found).toEqual(rows.map(({ row, a, b, c }) => [row, a, b, c]))
  })

  test('by default nothing is seen before it was delivered', async () => {
    const { rows } = await readRows('entities.csv')
    const spine = { kind: 'rows', keys: rows.map((row) => row.user_id!) } as const
    const at = rows.map(() => asOf('2024-01-30'))
    const request = { features, views, snapshots: [snapshot] }
    const early = await store.pointInTimeJoin({ ...request, spine: { ...spine, at } })
    expect(early.columns.every((column) => column.every(Number.isNaN))).toBe(true)
    const late = await store.pointInTimeJoin({ ...request, spine: { ...spine, at: at.map(() => asOf('2024-01-31')) } })
    const eventTimeOnly = true
    expect(late.columns).toEqual(
      (
        await store.pointInTimeJoin({
          ...request,
          eventTimeOnly,
          spine: { ...spine, at: at.map(() => asOf('2024-01-31')) },
        })
      ).columns,
    )
    expect(late.columns[0]![0]).toBe(3)
  })

  test('the newest rows are what Feast serves online once all is materialised', async () => {
    const online = JSON.parse(await readFile(join(fixtures, 'online.json'), 'utf8')) as Record<
      string,
      Record<string, readonly (string | number | null)[]>
    >
    const expected = online['after_materialize_to_2024-01-31']!
    for (const view of views) {
      const own = features.filter((feature) => feature.view === view.view)
      const at = Number(micros('2024-02-01T00:00:00Z'))
      const newest = await store.newest({ view, features: own, snapshots: [snapshot], at })
      for (const [f, { feature, categories }] of own.entries()) {
        const values = expected.user_id!.map((key) => {
          const row = newest.keys.indexOf(String(key))
          const value = row < 0 ? Number.NaN : newest.columns[f]![row]!
          return Number.isNaN(value) ? null : (categories?.[value] ?? value)
        })
        expect(values).toEqual(expected[feature])
      }
    }
  })
})

async function readRows(name: string) {
  const [head = '', ...lines] = (await readFile(join(fixtures, name), 'utf8')).trimEnd().split(/\r?\n/)
  const header = head.split(',')
  const rows = lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(header.map((column, i) => [column, fields[i] ?? ''])) as Record<string, string>
  })
  return { header, rows }
}
