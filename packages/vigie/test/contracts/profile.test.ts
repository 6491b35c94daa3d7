import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOfflineStore } from '../../src/adapters/duckdb/offline-store.ts'
import type { ColumnContract } from '../../src/domain/contract.ts'
import { seededRandom } from '../../src/domain/random.ts'
import type { OfflineStore } from '../../src/ports/offline-store.ts'
import { contractOf, importRows } from '../delivery.ts'

let root: string
let profiles: string
let store: OfflineStore

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vigie-profile-'))
  profiles = join(root, 'profiles')
  store = await openOfflineStore({ folder: join(root, 'tables'), profiles })
})

afterAll(async () => {
  await store.close()
  await rm(root, { recursive: true })
})

const COLUMNS: readonly ColumnContract[] = [
  { name: 'hours', type: 'float', optional: true },
  { name: 'starts', type: 'int', optional: false },
  { name: 'active', type: 'boolean', optional: true },
  { name: 'plan', type: 'category', optional: true, categories: ['a', 'b'] },
  { name: 'since', type: 'date', optional: true },
  { name: 'seen', type: 'timestamp', optional: false },
]

const rowsOf = (n: number) => {
  const random = seededRandom(1)
  return Array.from({ length: n }, (_, i) => [
    `u${String(i).padStart(7, '0')}`,
    i % 10 === 0 ? '' : String(random.uint32() / 2 ** 32),
    String(i % 7),
    i % 4 === 3 ? '' : i % 4 === 0 ? 'True' : 'False',
    ['a', 'b', ''][i % 3]!,
    i % 5 === 0 ? '9999-12-31' : '2024-01-31',
    '2024-01-31T12:00:00.000001Z',
  ])
}

test('a profile says what each column of a table holds', async () => {
  const table = await importRows(store, root, contractOf('small', COLUMNS), rowsOf(420))
  const profile = await store.profile(table)
  const column = (name: string) => profile.columns.find((each) => each.name === name)!
  expect(profile).toMatchObject({ rows: 420, sampled: 420 })
  expect(profile.columns.map(({ name, type }) => [name, type])).toEqual([
    ['user_id', 'text'],
    ['hours', 'float'],
    ['starts', 'int'],
    ['active', 'boolean'],
    ['plan', 'text'],
    ['since', 'date'],
    ['seen', 'timestamp'],
  ])
  expect(column('user_id')).toMatchObject({ nulls: 0, distinct: 420, numbers: null })
  expect(column('hours')).toMatchObject({ nulls: 42, distinct: 378 })
  expect(column('starts')).toMatchObject({
    nulls: 0,
    numbers: { min: 0, max: 6, mean: 3, sd: 2 },
    histogram: { kind: 'values', values: [0, 1, 2, 3, 4, 5, 6], counts: Array(7).fill(60) },
  })
  expect(column('active').top).toEqual([
    { value: 'false', count: 210 },
    { value: 'true', count: 105 },
  ])
  expect(column('plan')).toMatchObject({ nulls: 140, histogram: { labels: ['a', 'b'], counts: [140, 140], others: 0 } })
  expect(column('since').top).toEqual([
    { value: '2024-01-31', count: 336 },
    { value: '9999-12-31', count: 84 },
  ])
  expect(column('seen').top).toEqual([{ value: '2024-01-31T12:00:00.000001Z', count: 420 }])
})

test('a long table is profiled by a sample, and its totals are still of all rows', async () => {
  const n = 120_001
  const rows = rowsOf(n)
  rows[113_457]![1] = '-5'
  const table = await importRows(store, root, contractOf('long', COLUMNS), rows)
  const profile = await store.profile(table)
  expect(profile.rows).toBe(n)
  expect(profile.sampled).toBe(60_001)
  const hours = profile.columns.find(({ name }) => name === 'hours')!
  const values = rows.flatMap((row) => (row[1] === '' ? [] : [Number(row[1])]))
  const mean = values.reduce((sum, x) => sum + x) / values.length
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)
  expect(hours.nulls).toBe(n - values.length)
  expect(hours.numbers).toMatchObject({ min: -5, max: values.reduce((a, b) => Math.max(a, b)) })
  expect(hours.numbers!.mean).toBeCloseTo(mean, 10)
  expect(hours.numbers!.sd).toBeCloseTo(sd, 10)
  expect(hours.numbers!.quantiles[4]).toBeCloseTo(0.5, 1)
  const distinct = new Set(values).size
  expect(Math.abs(hours.distinct - distinct) / distinct).toBeLessThan(0.25)
  const key = profile.columns[0]!
  expect(key).toMatchObject({ nulls: 0, top: [], histogram: { labels: [], others: n } })
  expect(Math.abs(key.distinct - n) / n).toBeLessThan(0.25)
  const starts = profile.columns.find(({ name }) => name === 'starts')!
  expect(starts.distinct).toBe(7)
  const counted = starts.histogram!.counts.reduce((sum, count) => sum + count)
  expect(Math.abs(counted - n)).toBeLessThan(10)
})

test('values at the ends of float64 are described, not refused', async () => {
  const column: ColumnContract = { name: 'x', type: 'float', optional: false }
  const rows = Array.from({ length: 120_000 }, (_, i) => [`u${i}`, i % 2 === 0 ? '1.7e308' : '-1.7e308'])
  const table = await importRows(store, root, contractOf('huge', [column]), rows)
  const { columns } = await store.profile(table)
  expect(columns[1]!.numbers).toMatchObject({ min: -1.7e308, max: 1.7e308, sd: null })
})

test('a table of events has a profile like any other', async () => {
  const columns: readonly ColumnContract[] = [
    { name: 'seen', type: 'timestamp', optional: false },
    { name: 'hours', type: 'float', optional: false },
  ]
  const contract = { ...contractOf('events', columns), eventTime: 'seen' }
  const rows = Array.from({ length: 60 }, (_, i) => [
    `u${i % 3}`,
    `2024-01-${String(1 + (i % 30)).padStart(2, '0')}T00:00:00Z`,
    String(i),
  ])
  const { rows: counted, columns: found } = await store.profile(await importRows(store, root, contract, rows))
  expect(counted).toBe(60)
  expect(found.map(({ name, distinct }) => [name, distinct])).toEqual([
    ['user_id', 3],
    ['seen', 30],
    ['hours', 60],
  ])
  expect(found[1]!.numbers).toMatchObject({ min: 1_704_067_200_000_000, max: 1_706_572_800_000_000 })
})

test('a profile is kept, and made again when what was kept cannot be read or belongs to another table', async () => {
  const table = await importRows(store, root, contractOf('kept', COLUMNS), rowsOf(50))
  const other = await importRows(store, root, contractOf('other', COLUMNS), rowsOf(60))
  const profile = await store.profile(table)
  await store.profile(other)
  const file = join(profiles, `${table.sha256}.profile`)
  const kept = await readFile(file, 'utf8')
  for (const damaged of [kept.slice(0, -9), kept.replace('"rows":50', '"rows":51'), '', 'vigie-profile 9 x\n{}']) {
    await writeFile(file, damaged)
    expect(await store.profile(table)).toEqual(profile)
    expect(await readFile(file, 'utf8')).toBe(kept)
  }
  await writeFile(file, await readFile(join(profiles, `${other.sha256}.profile`)))
  expect(await store.profile(table)).toEqual(profile)
  await store.discard([table])
  expect(await readdir(profiles)).not.toContain(`${table.sha256}.profile`)
})
