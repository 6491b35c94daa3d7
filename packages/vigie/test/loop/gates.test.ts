import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { VigieError } from '../../src/errors.ts'
import { ingest } from '../../src/loop/ingest.ts'
import type { ValidationReport } from '../../src/report/validation/model.ts'
import { contents, storesForTests } from './stores.ts'
import { type Delivery, deliver, streamflowDelivery } from './streamflow-delivery.ts'

const JANUARY = asOf('2024-01-31')
const FEBRUARY = asOf('2024-02-29')
const MARCH = asOf('2024-03-31')
const USERS = 300

const stores = storesForTests()

const usual = (month = 0) => streamflowDelivery({ users: USERS, month })
/** The delivery of a month in which one file reads differently. */
const changed = (
  source: keyof Delivery,
  row: (fields: string[], i: number) => readonly string[],
  month = 1,
): Delivery => {
  const [header, ...rows] = usual(month)[source].trimEnd().split('\n')
  const text = [header, ...rows.map((line, i) => row(line.split(','), i).join(','))].join('\n')
  return { ...usual(month), [source]: `${text}\n` }
}
/** Payments in cents, as many as there are, and a constant count of tickets. */
const odd = () => ({
  ...changed('usage_agg_30d', ([key, hours, ...rest]) => [key!, String(Number(hours) * 100), ...rest]),
  support_agg_90d: changed('support_agg_90d', ([key, , hours]) => [key!, '1', hours!]).support_agg_90d,
})

const bring = (name: string, delivery: Partial<Delivery>) => deliver(stores.folder, name, delivery)
const take = (dir: string, date = FEBRUARY, approvals?: { codes: string[]; actor: string }, correction = false) =>
  ingest(stores.ports, project, { dir, asOf: date, correction, ...(approvals ? { approvals } : {}) })
const refusal = (work: Promise<unknown>): Promise<VigieError> =>
  work.then(
    () => expect.fail('the delivery was taken'),
    (error) => error,
  )
const reported = async (html: unknown): Promise<ValidationReport> =>
  JSON.parse(await readFile(String(html).replace('.html', '.json'), 'utf8'))

beforeEach(async () => {
  await take(await bring('january', usual()), JANUARY)
})

test('a month that only moves on is taken, and its report says what was asked', async () => {
  const { report, approvals } = await take(await bring('february', usual(1)))
  expect(approvals).toBeNull()
  const page = await reported(report)
  expect(page).toMatchObject({ verdict: 'accepted', asOf: FEBRUARY, refusal: null, approvals: null })
  expect(page.files.map(({ source, verdict, rows, before }) => [source, verdict, rows?.total, before])).toEqual(
    Object.keys(project.sources).map((source) => [source, 'accepted', USERS, { asOf: JANUARY, rows: USERS }]),
  )
  for (const file of page.files) expect(file.asked.every(({ unasked }) => unasked === null)).toBe(true)
  const first = await stores.ports.reports.list()
  expect(first.map(({ kind, asOf: date }) => [kind, date])).toEqual([
    ['validation', JANUARY],
    ['validation', FEBRUARY],
  ])
})

test('one that looks wrong is kept back: nothing is stored, the files are kept, and all of it is told', async () => {
  const before = await stores.state()
  const dir = await bring('february', odd())
  const error = await refusal(take(dir))
  expect(error).toMatchObject({
    code: 'unit_change',
    kind: 'rejected',
    details: { severity: 'hold', file: 'usage_agg_30d.csv' },
  })
  expect(error.hint).toContain(`vigie ingest ${dir} --as-of 2024-02-29 --approve constant_column,unit_change`)
  expect(error.details.alsoRefused).toMatchObject([{ code: 'constant_column' }])
  expect(await stores.state()).toEqual(before)
  expect(await readdir(stores.ports.staging)).toEqual(['quarantine'])
  const kept = await contents(path.join(stores.ports.staging, 'quarantine'))
  const delivered = await contents(dir)
  for (const file of ['usage_agg_30d.csv', 'support_agg_90d.csv'])
    expect(Object.values(kept)).toContain(delivered[file])
  const page = await reported(error.details.report)
  expect(page).toMatchObject({ verdict: 'held', snapshot: null, refusal: { code: 'unit_change' } })
  expect(page.files.filter(({ verdict }) => verdict === 'held').map(({ source }) => source)).toEqual([
    'usage_agg_30d',
    'support_agg_90d',
  ])
  const usage = page.files.find(({ source }) => source === 'usage_agg_30d')!
  expect(usage.broken).toEqual((error.details.broken as typeof usage.broken).filter((r) => r.source === usage.source))
  expect(usage.columnsBefore.map(({ name }) => name)).toEqual(['watch_hours_30d'])
})

test('it is taken when every code is approved, by name, and the record of both stays', async () => {
  const dir = await bring('february', odd())
  expect(await refusal(take(dir, FEBRUARY, { codes: ['unit_change'], actor: 'cli:ada' }))).toMatchObject({
    code: 'constant_column',
  })
  const all = { codes: ['unit_change', 'constant_column', 'volume_gate'], actor: 'cli:ada' }
  const taken = await take(dir, FEBRUARY, all)
  const recorded = { codes: ['constant_column', 'unit_change'], actor: 'cli:ada' }
  expect(taken).toMatchObject({ already: false, version: 1, approvals: recorded })
  expect((await stores.ports.snapshots.latest(FEBRUARY))!.approvals).toEqual(recorded)
  const page = await reported(taken.report)
  expect(page).toMatchObject({ verdict: 'accepted', approvals: recorded, snapshot: { id: taken.snapshot } })
  expect(page.files.flatMap(({ broken }) => broken.map(({ code }) => code))).toEqual(['unit_change', 'constant_column'])
  // without the flag it is the same command run again
  expect(await take(dir)).toEqual({ ...taken, already: true })
  // and the next month is compared with what was approved
  expect(await refusal(take(await bring('march', usual(2)), MARCH))).toMatchObject({ code: 'unit_change' })
})

test('an approval where nothing is broken records nothing', async () => {
  const taken = await take(await bring('february', usual(1)), FEBRUARY, { codes: ['volume_gate'], actor: 'cli:ada' })
  expect(taken.approvals).toBeNull()
  expect((await stores.ports.snapshots.latest(FEBRUARY))!.approvals).toBeNull()
})

test('a correction is compared with the date before, not with what it corrects', async () => {
  const half = { ...usual(1), labels: streamflowDelivery({ users: USERS / 3, month: 1 }).labels }
  const dir = await bring('half', half)
  expect(await refusal(take(dir))).toMatchObject({ code: 'volume_gate' })
  await take(dir, FEBRUARY, { codes: ['volume_gate'], actor: 'cli:ada' })
  const whole = await take(await bring('whole', usual(1)), FEBRUARY, undefined, true)
  expect(whole).toMatchObject({ version: 2, approvals: null })
})

test('other content for a known date is refused as that, and has a report', async () => {
  await take(await bring('february', usual(1)))
  const other = await bring('other', odd()) // and looks wrong, which is not what to mend first
  const error = await refusal(take(other))
  expect(error).toMatchObject({ code: 'already_ingested_differently' })
  expect(await reported(error.details.report)).toMatchObject({ verdict: 'refused' })
})

test('the report of a refused delivery names the rows and pictures the column, from the kept bytes', async () => {
  const bad = changed('usage_agg_30d', (fields, i) =>
    i % 100 === 7 ? [...fields.slice(0, 4), '-3', fields[5]!] : fields,
  )
  const dir = await bring('february', { ...bad, labels: '' })
  const error = await refusal(take(dir))
  const page = await reported(error.details.report)
  expect(page).toMatchObject({ verdict: 'refused', refusal: { code: 'out_of_range' } })
  const verdicts = Object.fromEntries(page.files.map(({ source, verdict }) => [source, verdict]))
  expect(verdicts).toMatchObject({ usage_agg_30d: 'refused', labels: 'refused', users: 'accepted' })
  const usage = page.files.find(({ source }) => source === 'usage_agg_30d')!
  expect(usage.broken).toMatchObject([{ code: 'out_of_range', column: 'skips_7d', rows: 3 }])
  expect(usage.broken[0]!.examples.map(({ line, value }) => [line, value])).toEqual([
    [9, '-3'],
    [109, '-3'],
    [209, '-3'],
  ])
  expect(usage.columns).toMatchObject([{ name: 'skips_7d', numbers: { min: -3, max: USERS - 1 } }])
  expect(usage.sha256).toBe((await contents(dir))['usage_agg_30d.csv'])
})

test('the mended delivery has a report of its own, and a known one keeps its report', async () => {
  const dir = await bring('february', { ...usual(1), labels: '' })
  const error = await refusal(take(dir))
  await writeFile(path.join(dir, 'labels.csv'), usual(1).labels)
  const taken = await take(dir)
  expect(taken.report).not.toBe(error.details.report)
  const before = await readFile(taken.report, 'utf8')
  expect((await take(dir)).report).toBe(taken.report)
  expect(await readFile(taken.report, 'utf8')).toBe(before)
  await rm(path.dirname(taken.report), { recursive: true })
  expect(await reported((await take(dir)).report)).toMatchObject({
    verdict: 'accepted',
    snapshot: { id: taken.snapshot },
  })
})
