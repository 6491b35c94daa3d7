import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import { type AsOf, asOf } from '../../src/domain/as-of.ts'
import type { FeatureColumn } from '../../src/domain/feature-spec.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { viewSources } from '../../src/loop/dataset.ts'
import type { OfflineStore } from '../../src/ports/offline-store.ts'
import type { Snapshot, TableFile } from '../../src/ports/snapshots.ts'
import { snapshotOf } from '../delivery.ts'
import { sharedPath } from '../shared.ts'

const months = sharedPath('data/streamflow')
const goldens = sharedPath('golden/features')

/** Users without internet: null in the files, True in the goldens, because the reference's pipeline casts null to true. */
const WITHOUT_INTERNET = 1526

describe.skipIf(!months || !goldens)('the real months (skipped without the folder that VIGIE_SHARED names)', () => {
  let folder: string
  let store: OfflineStore
  const snapshots: Snapshot[] = []
  const views = viewSources(project)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-reference-'))
    store = await openOfflineStore({ folder })
    for (const [month, date] of [
      ['month_000', '2024-01-31'],
      ['month_001', '2024-02-29'],
    ] as const) {
      const tables = await importMonth(store, join(months!, month))
      snapshots.push(snapshotOf(asOf(date), tables))
    }
  })

  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  test.each(['2024-01-31', '2024-02-29'])(
    'the features at %s are what the reference served, save its nulls',
    async (date) => {
      const frame = await joined(asOf(date))
      const golden = await readGolden(join(goldens!, `historical_${date}.csv`))
      expect(frame.keys).toEqual(golden.map((row) => row.get('user_id')))

      const nulls: Record<string, number> = {}
      for (const [i, feature] of frame.spec.entries()) {
        for (const [row, expected] of golden.entries()) {
          const value = frame.columns[i]![row]!
          const text = expected.get(feature.feature)!
          if (Number.isNaN(value)) {
            expect(text, `${feature.name} of ${frame.keys[row]}`).toBe('True')
            nulls[feature.feature] = (nulls[feature.feature] ?? 0) + 1
          } else if (!close(value, coded(feature, text))) {
            expect.fail(`${feature.name} of ${frame.keys[row]} is ${value}, the golden says ${text}`)
          }
        }
      }
      expect(nulls).toEqual({ plan_stream_tv: WITHOUT_INTERNET, plan_stream_movies: WITHOUT_INTERNET })
    },
  )

  test('a stored month read whole equals the join at its date', async () => {
    const frame = await joined(asOf('2024-02-29'))
    for (const { view, from } of views) {
      const features = frame.spec.filter((feature) => feature.view === view)
      const whole = await store.read(snapshots[1]!.tables[from]!, 'user_id', features)
      expect(whole.keys).toEqual(frame.keys)
      expect(whole.columns).toEqual(frame.columns.filter((_, i) => frame.spec[i]!.view === view))
    }
  })

  function joined(at: AsOf): Promise<Frame> {
    const labels = snapshots.find((snapshot) => snapshot.asOf === at)!.tables.labels!
    const spine = {
      kind: 'table',
      table: labels,
      key: 'user_id',
      at,
      label: { column: 'churn_label', type: 'boolean' },
    } as const
    return store.pointInTimeJoin({ spine, features: project.model.features, views, snapshots })
  }
})

async function importMonth(store: OfflineStore, folder: string): Promise<Record<string, TableFile>> {
  const tables: Record<string, TableFile> = {}
  for (const [name, contract] of Object.entries(project.sources)) {
    const file = join(folder, `${name}.csv`)
    const [header = '', ...rows] = (await readFile(file, 'utf8')).trimEnd().split(/\r?\n/)
    tables[name] = await store.importCsv(file, header.split(','), contract, rows.length)
    await store.checkKeys(tables[name], name, contract.key, null)
  }
  return tables
}

async function readGolden(file: string): Promise<readonly ReadonlyMap<string, string>[]> {
  const [header = '', ...rows] = (await readFile(file, 'utf8')).trimEnd().split(/\r?\n/)
  const names = header.split(',')
  return rows.map((row) => new Map(row.split(',').map((text, i) => [names[i]!, text])))
}

function coded({ type, categories }: FeatureColumn, text: string): number {
  if (type === 'boolean') return text === 'True' ? 1 : 0
  return type === 'category' ? categories!.indexOf(text) : Number(text)
}

/** The reference casts through NUMERIC, which keeps 15 digits. */
function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b))
}
