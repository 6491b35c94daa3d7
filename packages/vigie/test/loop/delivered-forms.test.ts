import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import type { Project } from '../../src/define/project.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { SourceContract } from '../../src/domain/contract.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { listQuarantined, quarantined } from '../../src/loop/quarantined.ts'
import { replayQuarantined } from '../../src/loop/replay-quarantine.ts'
import { storesForTests } from './stores.ts'
import { type Delivery, deliver, streamflowDelivery } from './streamflow-delivery.ts'

const JANUARY = asOf('2024-01-31')
const stores = storesForTests()
const bring = (name: string, delivery: Partial<Delivery>) => deliver(stores.folder, name, delivery)

async function sql(text: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(text)
  connection.closeSync()
  instance.closeSync()
}

/** The project with another contract for one source. */
function changed(source: string, change: Partial<SourceContract>): Project {
  const contract = streamflow.sources[source]!
  return { ...streamflow, sources: { ...streamflow.sources, [source]: { ...contract, ...change } } } as Project
}

/** The same contract with another least value of one column. */
function withMin(source: string, name: string, min: number): Project {
  const columns = streamflow.sources[source]!.columns.map((column) =>
    column.name === name ? { ...column, min } : column,
  )
  return changed(source, { columns })
}

describe('a delivery whose files come as gzip and Parquet', () => {
  test('becomes the very tables that its CSV files become', async () => {
    const dir = await bring('plain', streamflowDelivery({ users: 50 }))
    const first = await ingest(stores.ports, streamflow, { dir, asOf: JANUARY })
    const { tables } = (await stores.ports.snapshots.latest(JANUARY))!
    const packed = await bring('packed', streamflowDelivery({ users: 50 }))
    const file = (name: string) => path.join(packed, name)
    await writeFile(file('users.csv.gz'), gzipSync(await readFile(file('users.csv'))))
    await sql(`copy (select user_id, watch_hours_30d::double watch_hours_30d, avg_session_mins_7d::double avg_session_mins_7d,
        unique_devices_30d::tinyint unique_devices_30d, skips_7d::int skips_7d, rebuffer_events_7d::bigint rebuffer_events_7d
      from read_csv('${file('usage_agg_30d.csv')}', all_varchar = true)) to '${file('usage_agg_30d.parquet')}'`)
    await sql(`copy (select user_id, churn_label::boolean churn_label
      from read_csv('${file('labels.csv')}', all_varchar = true)) to '${file('labels.parquet')}'`)
    for (const name of ['users.csv', 'usage_agg_30d.csv', 'labels.csv']) await rename(file(name), file(`${name}.old`))
    await expect(ingest(stores.ports, streamflow, { dir: packed, asOf: JANUARY })).rejects.toMatchObject({
      code: 'already_ingested_differently',
    })
    const second = await ingest(stores.ports, streamflow, { dir: packed, asOf: JANUARY, correction: true })
    expect(second).toMatchObject({ version: 2, rows: first.rows })
    expect(second.files.map(({ source, format }) => [source, format])).toContainEqual(['labels', 'parquet'])
    expect((await stores.ports.snapshots.latest(JANUARY))!.tables).toEqual(tables)
  })

  test('is refused with the name and the row of the file that came', async () => {
    const dir = await bring('broken', streamflowDelivery())
    const file = (name: string) => path.join(dir, name)
    await sql(`copy (select user_id, case when user_id like '0004%' then -1 else failed_payments_90d::int end failed_payments_90d
      from read_csv('${file('payments_agg_90d.csv')}', all_varchar = true)) to '${file('payments_agg_90d.parquet')}'`)
    await rename(file('payments_agg_90d.csv'), file('payments.old'))
    await expect(ingest(stores.ports, streamflow, { dir, asOf: JANUARY })).rejects.toMatchObject({
      code: 'out_of_range',
      message: expect.stringMatching(/^payments_agg_90d\.parquet row 5: /),
      details: { file: 'payments_agg_90d.parquet', row: 5, quarantined: expect.stringMatching(/\.parquet$/) },
    })
    expect(await stores.ports.snapshots.list()).toEqual([])
    expect((await readdir(stores.ports.staging)).sort()).toEqual(['quarantine'])
  })
})

describe('a manifest', () => {
  test('that the definition requires and that is not there, or is of another date, refuses the delivery', async () => {
    const dir = await bring('january', streamflowDelivery())
    const project = { ...streamflow, snapshots: { ...streamflow.snapshots, manifest: 'required' } } as Project
    const taken = () => ingest(stores.ports, project, { dir, asOf: JANUARY })
    await expect(taken()).rejects.toMatchObject({ code: 'manifest_missing' })
    const files = Object.fromEntries(Object.keys(streamflow.sources).map((source) => [`${source}.csv`, { rows: 8 }]))
    await writeFile(path.join(dir, 'manifest.json'), JSON.stringify({ asOf: '2024-02-29', files }))
    await expect(taken()).rejects.toMatchObject({ code: 'as_of_mismatch' })
    await writeFile(path.join(dir, 'manifest.json'), JSON.stringify({ asOf: '2024-01-31', files }))
    expect(await taken()).toMatchObject({ rows: 8 })
  })
})

describe('replaying the quarantine', () => {
  const cap = { badRows: { maxShare: 0.5, maxRows: 5 } }
  const negative = (text: string) => text.replace(/^(0003-ABCDE),\d+/m, '$1,-2')
  const broken = { ...streamflowDelivery(), payments_agg_90d: negative(streamflowDelivery().payments_agg_90d) }

  test('takes rows that were left out, once the definition allows them, and changes nothing else', async () => {
    const dir = await bring('january', broken)
    const project = changed('payments_agg_90d', cap)
    const first = await ingest(stores.ports, project, { dir, asOf: JANUARY })
    expect(first.files.find(({ source }) => source === 'payments_agg_90d')).toMatchObject({ rows: 7, quarantined: 1 })
    const [entry, ...others] = await listQuarantined(stores.ports)
    expect(others).toEqual([])
    expect(entry).toMatchObject({ source: 'payments_agg_90d', format: 'csv', code: 'out_of_range' })
    expect(await readFile(entry!.rows!, 'utf8')).toBe('user_id,failed_payments_90d\n0003-ABCDE,-2\n')

    const replay = { sha256: entry!.sha256.slice(0, 8), asOf: JANUARY }
    const same = await replayQuarantined(stores.ports, project, replay)
    expect(same).toMatchObject({ already: true, version: 1 })
    const mended = withMin('payments_agg_90d', 'failed_payments_90d', -5)
    const taken = await replayQuarantined(stores.ports, mended, replay)
    expect(taken).toMatchObject({ already: false, version: 2, files: [{ rows: 8, quarantined: 0 }] })
    const [before, after] = await stores.ports.snapshots.list()
    expect(after!.tables).toEqual({ ...before!.tables, payments_agg_90d: { ...after!.tables.payments_agg_90d } })
    expect(after!.tables.payments_agg_90d).toMatchObject({ rows: 8 })
    const state = await stores.state()
    expect(await replayQuarantined(stores.ports, mended, replay)).toMatchObject({ already: true, version: 2 })
    expect(await stores.state()).toEqual(state)
    expect(await readdir(stores.ports.staging)).toEqual(['quarantine'])
  })

  test('takes a refused file into a snapshot that came without it, and refuses it again while it is broken', async () => {
    await expect(
      ingest(stores.ports, streamflow, { dir: await bring('broken', broken), asOf: JANUARY }),
    ).rejects.toMatchObject({ code: 'out_of_range' })
    const [entry] = await listQuarantined(stores.ports)
    const replay = { sha256: entry!.sha256, asOf: JANUARY }
    await expect(replayQuarantined(stores.ports, streamflow, replay)).rejects.toMatchObject({
      code: 'snapshot_missing',
    })
    await ingest(stores.ports, streamflow, { dir: await bring('good', streamflowDelivery()), asOf: JANUARY })
    const before = await stores.state()
    await expect(replayQuarantined(stores.ports, streamflow, replay)).rejects.toMatchObject({
      code: 'out_of_range',
      message: expect.stringMatching(/^payments_agg_90d\.csv line 5: /),
    })
    expect(await stores.state()).toEqual(before)
    const mended = withMin('payments_agg_90d', 'failed_payments_90d', -5)
    expect(await replayQuarantined(stores.ports, mended, replay)).toMatchObject({ version: 2, already: false })
  })

  test('does not believe bytes that are no longer those that were delivered', async () => {
    await ingest(stores.ports, changed('payments_agg_90d', cap), { dir: await bring('january', broken), asOf: JANUARY })
    const [entry] = await listQuarantined(stores.ports)
    await writeFile(entry!.original, 'user_id,failed_payments_90d\n0001-ABCDE,1\n')
    const replay = { sha256: entry!.sha256, asOf: JANUARY }
    await expect(replayQuarantined(stores.ports, streamflow, replay)).rejects.toMatchObject({
      code: 'size_or_hash_mismatch',
      kind: 'integrity',
    })
  })

  test('of two files at once loses neither', async () => {
    const twice = { ...broken, support_agg_90d: negative(streamflowDelivery().support_agg_90d) }
    const both = {
      ...streamflow,
      sources: Object.fromEntries(
        Object.entries(streamflow.sources).map(([name, contract]) => [name, { ...contract, ...cap }]),
      ),
    } as Project
    await ingest(stores.ports, both, { dir: await bring('january', twice), asOf: JANUARY })
    const mended = {
      ...streamflow,
      sources: {
        ...streamflow.sources,
        payments_agg_90d: withMin('payments_agg_90d', 'failed_payments_90d', -5).sources.payments_agg_90d,
        support_agg_90d: withMin('support_agg_90d', 'support_tickets_90d', -5).sources.support_agg_90d,
      },
    } as Project
    const files = await listQuarantined(stores.ports)
    expect(files).toHaveLength(2)
    await Promise.all(files.map(({ sha256 }) => replayQuarantined(stores.ports, mended, { sha256, asOf: JANUARY })))
    const { tables } = (await stores.ports.snapshots.latest(JANUARY))!
    expect([tables.payments_agg_90d!.rows, tables.support_agg_90d!.rows]).toEqual([8, 8])
  })

  test('needs a name that names one file', async () => {
    await expect(quarantined(stores.ports, 'abcd')).rejects.toMatchObject({ code: 'quarantine_unknown' })
    await expect(quarantined(stores.ports, '')).rejects.toMatchObject({ code: 'quarantine_unknown' })
  })
})
