import { execFileSync } from 'node:child_process'
import { appendFile, link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeEach, describe, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { asOf, endOfDayMs } from '../../src/domain/as-of.ts'
import { VigieError } from '../../src/errors.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { nowMicros, onlineRequest } from '../../src/loop/online-request.ts'
import { readableValues } from '../../src/loop/predict.ts'
import { sharedPath } from '../shared.ts'
import { contents, storesForTests } from './stores.ts'
import { type Delivery, deliver, key, streamflowDelivery } from './streamflow-delivery.ts'

const JANUARY = asOf('2024-01-31')
const FEBRUARY = asOf('2024-02-29')

const stores = storesForTests()

const bring = (name: string, delivery: Partial<Delivery>) => deliver(stores.folder, name, delivery)
const taken = (dir: string, date = JANUARY, correction = false) =>
  ingest(stores.ports, project, { dir, asOf: date, correction })
/** What lies in the staging folder, but for what was refused. */
const staged = async () => (await readdir(stores.ports.staging)).filter((name) => name !== 'quarantine')

describe('a delivery', () => {
  test('becomes one snapshot, with a table a file', async () => {
    const dir = await bring('january', streamflowDelivery())
    const result = await taken(dir)
    expect(result).toMatchObject({ asOf: JANUARY, version: 1, rows: 8, already: false })
    expect(result.files.map((file) => [file.source, file.rows])).toEqual(
      ['subscriptions', 'usage_agg_30d', 'payments_agg_90d', 'support_agg_90d', 'users', 'labels'].map((s) => [s, 8]),
    )
    const snapshot = await stores.ports.snapshots.latest(JANUARY)
    expect(snapshot).toMatchObject({
      id: result.snapshot,
      rows: 8,
      knownAt: '2024-02-01T00:00:00.000000Z',
      assumed: true,
    })
    const hashes = Object.values(snapshot!.tables).map((table) => `${table.sha256}.parquet`)
    expect(Object.keys(await contents(stores.tables)).sort()).toEqual(hashes.sort())
    expect(await staged()).toEqual([])
  })

  test('keeps the columns that the definition does not use, exactly as they were written', async () => {
    await taken(await bring('january', streamflowDelivery()))
    const { sha256 } = (await stores.ports.snapshots.latest(JANUARY))!.tables.subscriptions!
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    const file = path.join(stores.tables, `${sha256}.parquet`)
    const rows = await connection.run(`select contract_type, total_paid from '${file}' order by user_id limit 2`)
    expect(await rows.getRows()).toEqual([
      ['Month, to month', '0'],
      ['Month, to month', '21.5'],
    ])
    connection.closeSync()
    database.closeSync()
  })

  test('that comes again changes nothing', async () => {
    const dir = await bring('january', streamflowDelivery())
    const first = await taken(dir)
    const before = await stores.state()
    expect(await taken(dir)).toEqual({ ...first, already: true })
    expect(await taken(await bring('copy', streamflowDelivery()))).toEqual({ ...first, already: true })
    expect(await taken(dir, JANUARY, true)).toEqual({ ...first, already: true })
    expect(await stores.state()).toEqual(before)
    expect(await staged()).toEqual([])
  })

  test('of other content is a new version only as a correction, and the old one stays', async () => {
    const first = await taken(await bring('january', streamflowDelivery()))
    const corrected = await bring('corrected', streamflowDelivery({ month: 1 }))
    await expect(taken(corrected)).rejects.toMatchObject({ code: 'already_ingested_differently' })
    const second = await taken(corrected, JANUARY, true)
    expect(second).toMatchObject({ version: 2, already: false })
    expect(await taken(corrected, JANUARY, true)).toEqual({ ...second, already: true })
    expect(await taken(path.join(stores.folder, 'january'))).toEqual({ ...first, already: true })
    expect((await stores.ports.snapshots.list()).map((s) => s.id)).toEqual([first.snapshot, second.snapshot])
  })

  test('may leave rows out of every file but the one that lists the keys', async () => {
    const few = { ...streamflowDelivery(), labels: streamflowDelivery({ users: 3 }).labels }
    expect((await taken(await bring('few', few))).rows).toBe(8)
  })

  test('that comes twice at once is taken once', async () => {
    const dir = await bring('january', streamflowDelivery())
    const results = await Promise.all([taken(dir), taken(dir), taken(dir)])
    expect(results.filter((result) => !result.already)).toHaveLength(1)
    expect(new Set(results.map((result) => result.snapshot)).size).toBe(1)
    expect(await stores.ports.snapshots.list()).toHaveLength(1)
    expect((await materialize(stores.ports, project)).entities).toBe(8)
  })

  test('that meets another of the same date is taken, or refused, whole', async () => {
    const dirs = [0, 1, 2].map((month) => bring(`january ${month}`, streamflowDelivery({ month })))
    const results = await Promise.allSettled((await Promise.all(dirs)).map((dir) => taken(dir)))
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(refusals).toEqual(['already_ingested_differently', 'already_ingested_differently'])
    const [snapshot, ...others] = await stores.ports.snapshots.list()
    expect(others).toEqual([])
    const hashes = Object.values(snapshot!.tables).map((table) => `${table.sha256}.parquet`)
    expect(Object.keys(await contents(stores.tables)).sort()).toEqual(hashes.sort())
  })
})

describe('leaves every store as it was', () => {
  const good = streamflowDelivery({ month: 1 })
  const swapped = (source: keyof Delivery, from: string, to: string): Partial<Delivery> => ({
    ...good,
    [source]: good[source].replace(from, to),
  })
  const without = (source: keyof Delivery): Partial<Delivery> => {
    const { [source]: _left, ...others } = good
    return others
  }
  const cut = (source: keyof Delivery, bytes: number): Partial<Delivery> => ({
    ...good,
    [source]: good[source].slice(0, -bytes),
  })

  let before: unknown
  beforeEach(async () => {
    await taken(await bring('january', streamflowDelivery()))
    await materialize(stores.ports, project)
    before = await stores.state()
  })

  const faults: readonly [string, Partial<Delivery>, string, object][] = [
    ['a missing file', without('labels'), 'file_missing', { file: 'labels.csv' }],
    [
      'a header that differs',
      swapped('usage_agg_30d', 'skips_7d', 'skips_14d'),
      'column_missing',
      { column: 'skips_7d', line: 1 },
    ],
    [
      'a column that nobody knows',
      swapped('users', 'has_dependents', 'has_dependents,age'),
      'column_unexpected',
      { column: 'age' },
    ],
    ['a ragged row', swapped('payments_agg_90d', `${key(3)},1`, key(3)), 'ragged_row', { line: 5 }],
    ['a file cut in a row', cut('usage_agg_30d', 30), 'ragged_row', { file: 'usage_agg_30d.csv', line: 9 }],
    [
      'a wrong type',
      swapped('support_agg_90d', `${key(2)},2`, `${key(2)},two`),
      'not_a_number',
      { column: 'support_tickets_90d', line: 4, value: 'two' },
    ],
    [
      'a fraction in a count',
      swapped('payments_agg_90d', `${key(1)},1`, `${key(1)},1.0`),
      'not_an_integer',
      { line: 3 },
    ],
    [
      'a negative fee',
      swapped('subscriptions', ',20.5,', ',-20.5,'),
      'out_of_range',
      { column: 'monthly_fee', line: 2 },
    ],
    ['a null that is not allowed', swapped('labels', `${key(0)},False`, `${key(0)},`), 'null_not_allowed', { line: 2 }],
    ['another boolean', swapped('labels', 'True', 'true'), 'not_a_boolean', { column: 'churn_label' }],
    ['an unknown category', swapped('subscriptions', 'Fiber optic', 'fiber'), 'category_unknown', { value: 'fiber' }],
    ['a date that does not exist', swapped('users', '2022-02-11', '2022-02-30'), 'invalid_date', { line: 3 }],
    ['a duplicate key', swapped('labels', key(2), key(1)), 'duplicate_key', { file: 'labels.csv', value: key(1) }],
    ['an unknown user', swapped('usage_agg_30d', key(5), '9999-ZZZZZ'), 'entity_unknown', { value: '9999-ZZZZZ' }],
    ['an empty file', { ...good, labels: '' }, 'empty_file', { file: 'labels.csv' }],
    ['a file without rows', { ...good, labels: 'user_id,churn_label\n' }, 'no_rows', { file: 'labels.csv' }],
  ]
  test.each(faults)('%s', async (what, delivery, code, details) => {
    const dir = await bring(what, delivery)
    const delivered = await contents(dir)
    const error: VigieError = await taken(dir, FEBRUARY).then(
      () => expect.fail('the delivery was taken'),
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ code, details })
    expect(await stores.state()).toEqual(before)
    expect(await contents(dir)).toEqual(delivered)
    expect(await staged()).toEqual([])
    if (code === 'file_missing') return
    const refused = delivered[error.details.file!]
    expect(await contents(path.join(stores.ports.staging, 'quarantine'))).toMatchObject({ [`${refused}.csv`]: refused })
  })

  test('a key in two spellings', async () => {
    const renamed = Object.fromEntries(
      Object.entries(good).map(([source, text]) => [
        source,
        text.replace(key(1), 'Zoe\u0308').replace(key(2), 'Zo\u00eb'),
      ]),
    ) as Delivery
    await expect(taken(await bring('spellings', renamed), FEBRUARY)).rejects.toMatchObject({
      code: 'duplicate_after_normalisation',
    })
    expect(await stores.state()).toEqual(before)
  })

  test('the same month with other content', async () => {
    await expect(taken(await bring('other', good), JANUARY)).rejects.toMatchObject({
      code: 'already_ingested_differently',
      kind: 'conflict',
      hint: expect.stringContaining('--correction'),
    })
    expect(await stores.state()).toEqual(before)
    expect(await staged()).toEqual([])
  })

  const places: readonly [string, (file: string, aside: string) => Promise<unknown>][] = [
    ['a symbolic link', (file, aside) => rename(file, aside).then(() => symlink(aside, file))],
    ['a hard link', (file, aside) => link(file, aside)],
    ['a folder in place of a file', (file, aside) => rename(file, aside).then(() => mkdir(file))],
    ['a pipe', async (file) => rm(file).then(() => execFileSync('mkfifo', [file]))],
  ]
  test.each(places)('%s', async (what, replace) => {
    const dir = await bring(what, good)
    await replace(path.join(dir, 'users.csv'), path.join(stores.folder, 'aside.csv'))
    await expect(taken(dir, FEBRUARY)).rejects.toMatchObject({
      code: 'not_a_regular_file',
      details: { file: 'users.csv' },
    })
    expect(await stores.state()).toEqual(before)
    expect(await staged()).toEqual([])
  })

  test('a file that changes while it is read', async () => {
    const dir = await bring('long', { ...good, users: streamflowDelivery({ users: 300_000 }).users })
    const result = taken(dir, FEBRUARY)
    result.catch(() => undefined)
    const begun = async () =>
      (await readdir(stores.ports.staging, { recursive: true })).some((name) => name.includes('.users.csv'))
    while (!(await begun())) await turn()
    await appendFile(path.join(dir, 'users.csv'), '\n')
    await expect(result).rejects.toMatchObject({ code: 'file_changed', kind: 'temporary' })
    expect(await stores.state()).toEqual(before)
    expect(await staged()).toEqual([])
  })

  test.each([
    ['a date inside a month', '2024-02-28', 'as_of_not_month_end'],
    ['a date before the first', '2023-12-31', 'as_of_before_first'],
    ['a date that is not over', '2999-12-31', 'future_time'],
  ])('%s', async (what, date, code) => {
    await expect(taken(await bring(what, good), asOf(date))).rejects.toMatchObject({ code })
    expect(await stores.state()).toEqual(before)
  })

  test('and what was refused is kept byte for byte, all that is wrong is named, and the mended delivery is taken', async () => {
    const broken = { ...good, usage_agg_30d: cut('usage_agg_30d', 30).usage_agg_30d!, labels: '' }
    const dir = await bring('february', broken)
    await expect(taken(dir, FEBRUARY)).rejects.toMatchObject({
      code: 'ragged_row',
      details: { file: 'usage_agg_30d.csv', alsoRefused: [{ code: 'empty_file', message: 'labels.csv: is empty' }] },
    })
    const kept = await contents(path.join(stores.ports.staging, 'quarantine'))
    const delivered = await contents(dir)
    for (const file of ['usage_agg_30d.csv', 'labels.csv']) {
      expect(kept[`${delivered[file]}.csv`]).toBe(delivered[file])
      const report = await readFile(path.join(stores.ports.staging, 'quarantine', `${delivered[file]}.json`), 'utf8')
      expect(JSON.parse(report)).toMatchObject({ file: path.join(dir, file), sha256: delivered[file] })
    }
    expect(Object.keys(kept)).toHaveLength(4)
    for (const source of ['usage_agg_30d', 'labels'] as const)
      await writeFile(path.join(dir, `${source}.csv`), good[source])
    expect(await taken(dir, FEBRUARY)).toMatchObject({ version: 1, already: false })
  })
})

test('when the answer of the catalogue is lost the tables stay, and the same command finds the snapshot', async () => {
  const { snapshots } = stores.ports
  const cutOff = {
    ...snapshots,
    commit: async (delivery: Parameters<typeof snapshots.commit>[0]) => {
      await snapshots.commit(delivery)
      throw new VigieError('database_unreachable', 'the connection ended')
    },
  }
  const dir = await bring('january', streamflowDelivery())
  const ports = { ...stores.ports, snapshots: cutOff }
  await expect(ingest(ports, project, { dir, asOf: JANUARY })).rejects.toMatchObject({ code: 'database_unreachable' })
  expect(await taken(dir)).toMatchObject({ version: 1, already: true })
  expect((await materialize(stores.ports, project)).entities).toBe(8)
})

describe('materialize', () => {
  const read = (id: string) => stores.ports.online.read(id, onlineRequest(project, project.model.features), nowMicros())

  test('puts the values of each online view where predictions read them', async () => {
    await taken(await bring('january', streamflowDelivery()))
    const views = ['subscription', 'usage', 'payments', 'support']
    expect(await materialize(stores.ports, project)).toEqual({
      asOf: JANUARY,
      entities: 8,
      views: views.map((view) => ({ view, versions: 1, rows: 8, changed: 8 })),
    })
    const found = read(key(2))
    expect(new Set(found.eventTimes)).toEqual(new Set([endOfDayMs(JANUARY) * 1000 - 1]))
    expect(readableValues(project.model.features, found.values)).toEqual({
      months_active: 2,
      monthly_fee: 22.5,
      paperless_billing: true,
      plan_stream_tv: null,
      plan_stream_movies: null,
      net_service: 'No',
      watch_hours_30d: 26.483650766787413,
      avg_session_mins_7d: 29.14104464084511,
      unique_devices_30d: 3,
      skips_7d: 2,
      rebuffer_events_7d: 0,
      failed_payments_90d: 0,
      support_tickets_90d: 2,
      ticket_avg_resolution_hrs_90d: 10.6,
    })
  })

  test('changes nothing the second time, and an older date never takes the place of a newer', async () => {
    await taken(await bring('january', streamflowDelivery()))
    await taken(await bring('february', streamflowDelivery({ month: 1 })), FEBRUARY)
    await materialize(stores.ports, project, { from: FEBRUARY, to: FEBRUARY })
    for (const date of [FEBRUARY, JANUARY]) {
      const { views } = await materialize(stores.ports, project, { from: date, to: date })
      expect(views.map((view) => view.changed)).toEqual([0, 0, 0, 0])
    }
    expect(read(key(0)).eventTimes[0]).toBe(endOfDayMs(FEBRUARY) * 1000 - 1)
  })

  test('takes the newest version of its date', async () => {
    await taken(await bring('january', streamflowDelivery()))
    await materialize(stores.ports, project)
    await taken(await bring('corrected', streamflowDelivery({ month: 3 })), JANUARY, true)
    await materialize(stores.ports, project)
    expect(readableValues(project.model.features, read(key(0)).values)).toMatchObject({ months_active: 3 })
  })

  test('refuses a date that was not ingested', async () => {
    await expect(materialize(stores.ports, project, { from: FEBRUARY, to: FEBRUARY })).rejects.toMatchObject({
      code: 'snapshot_missing',
    })
  })
})

const months = sharedPath('data', 'streamflow')
test.skipIf(months === null)('the real months: 7,043 users each, without internet no plans', async () => {
  for (const [n, date] of [JANUARY, FEBRUARY].entries()) {
    const result = await taken(path.join(months!, `month_00${n}`), date)
    expect(result).toMatchObject({ rows: 7043, version: 1, already: false })
    expect(result.files.map((file) => file.rows)).toEqual(Array(6).fill(7043))
    expect((await materialize(stores.ports, project, { from: date, to: date })).entities).toBe(7043)
    const view = project.model.features.filter((feature) => feature.view === 'subscription')
    const { tables } = (await stores.ports.snapshots.latest(date))!
    const { columns } = await stores.ports.offline.read(tables.subscriptions!, 'user_id', view)
    const tv = columns[view.findIndex((feature) => feature.feature === 'plan_stream_tv')]!
    expect(tv.filter(Number.isNaN)).toHaveLength(1526)
  }
})
