import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { f } from 'vigie'
import { describe, expect, test } from 'vitest'
import { exitStatus } from '../../src/cli/output.ts'
import { asOf } from '../../src/domain/as-of.ts'
import type { BrokenRule } from '../../src/domain/contract.ts'
import type { VigieError } from '../../src/errors.ts'
import { labelledRows } from '../../src/loop/dataset.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { train } from '../../src/loop/train.ts'
import { rebuildTrainingSet } from '../../src/loop/training-set.ts'
import { loopForTests } from '../loop/loop-for-tests.ts'
import { type Files, monthFiles, type Row } from './files.ts'
import { projectOf } from './project.ts'

const [JANUARY, FEBRUARY, MARCH] = [asOf('2024-01-31'), asOf('2024-02-29'), asOf('2024-03-31')]
const loop = loopForTests()
const project = projectOf()

async function bring(name: string, files: Files): Promise<string> {
  const dir = path.join(loop.folder, name)
  await mkdir(dir)
  for (const [file, content] of Object.entries(files))
    if (content !== null) await writeFile(path.join(dir, file), content)
  return dir
}
const take = (
  dir: string,
  date: typeof JANUARY,
  more: { correction?: boolean; of?: typeof project; approve?: string[] } = {},
) =>
  ingest(loop.ports, more.of ?? project, {
    dir,
    asOf: date,
    correction: more.correction ?? false,
    ...(more.approve ? { approvals: { codes: more.approve, actor: 'tester' } } : {}),
  })
const refusal = (work: Promise<unknown>): Promise<VigieError> =>
  work.then(
    () => expect.fail('it was taken'),
    (error) => error,
  )
const versions = async () => (await loop.ports.snapshots.list()).map(({ asOf, version }) => [asOf, version])

describe('a file that looks wrong beside the month before is held, kept, and taken when it is approved:', () => {
  const gated = projectOf({ gates: true })
  const FAULTS: readonly [string, string, (row: Required<Row>, i: number) => Row | null][] = [
    ['C15 cut at the end of a row', 'volume_gate', (_, i) => (i < 180 ? {} : null)],
    ['C74 fewer than half of the rows', 'volume_gate', (_, i) => (i % 3 === 0 ? {} : null)],
    ['C42 a third without a value', 'null_rate_jump', (_, i) => (i % 3 === 0 ? { score: '' } : {})],
    ['C43 a number that means none', 'sentinel_spike', (_, i) => (i % 5 === 0 ? { score: '-1' } : {})],
    ['C57 another unit', 'unit_change', ({ score }) => ({ score: score === '' ? '' : String(Number(score) * 100) })],
    [
      'C58 two columns swapped',
      'columns_swapped',
      ({ hours, score }) => ({ hours: score === '' ? '1' : score, score: hours }),
    ],
    ['C59 one value throughout', 'constant_column', () => ({ score: '5' })],
    ['C59 no value at all', 'constant_column', () => ({ score: '' })],
  ]
  test.each(FAULTS)('%s: %s', async (_what, code, change) => {
    await take(await bring('january', monthFiles(1)), JANUARY, { of: gated })
    const dir = await bring('february', monthFiles(2, change))
    const error = await refusal(take(dir, FEBRUARY, { of: gated }))
    expect(exitStatus(error)).toBe(3)
    const broken = error.details.broken as BrokenRule[]
    expect(broken.map((rule) => [rule.code, rule.severity])).toContainEqual([code, 'hold'])
    expect(await versions()).toEqual([[JANUARY, 1]])
    expect(await readdir(path.join(loop.ports.staging, 'quarantine'))).toHaveLength(2)
    const codes = broken.map((rule) => rule.code)
    expect(await take(dir, FEBRUARY, { of: gated, approve: codes })).toMatchObject({ version: 1 })
    expect(await versions()).toEqual([
      [JANUARY, 1],
      [FEBRUARY, 1],
    ])
  })

  test('C74 an ordinary month is not', async () => {
    await take(await bring('january', monthFiles(1)), JANUARY, { of: gated })
    await take(await bring('february', monthFiles(2)), FEBRUARY, { of: gated })
    expect(await versions()).toHaveLength(2)
  })
})

test('C47 values that a person approved are stored as they are, and who did is kept', async () => {
  const held = projectOf({ columns: { hours: f.hold(f.float({ max: 744 })) } })
  const dir = await bring(
    'january',
    monthFiles(1, (_, i) => (i === 7 ? { hours: '800.5' } : {})),
  )
  const error = await refusal(take(dir, JANUARY, { of: held }))
  expect(error).toMatchObject({ code: 'out_of_range', hint: expect.stringContaining('--approve out_of_range') })
  expect(error.details).toMatchObject({ severity: 'hold', line: 9, value: '800.5', file: 'usage.csv' })
  expect(await versions()).toEqual([])
  await take(dir, JANUARY, { of: held, approve: ['out_of_range'] })
  const [snapshot] = await loop.ports.snapshots.list()
  expect(snapshot!.approvals).toEqual({ codes: ['out_of_range'], actor: 'tester' })
  const { rows } = await labelledRows(loop.ports, held, JANUARY)
  expect(rows.columns[0]![rows.keys.indexOf('user-0007')]).toBe(800.5)
})

test('C16, C82 a file that somebody still writes to is tried again, not taken', async () => {
  const long = monthFiles(1)
  const rows = Array.from({ length: 600_000 }, (_, i) => `user-${i}`).join('\n')
  const dir = await bring('growing', { ...long, 'users.csv': `user_id\n${rows}\n` })
  const work = refusal(take(dir, JANUARY))
  const begun = async () =>
    (await readdir(loop.ports.staging, { recursive: true })).some((name) => name.includes('.users.csv'))
  while (!(await begun())) await turn()
  await appendFile(path.join(dir, 'users.csv'), 'late\n')
  const error = await work
  expect(error).toMatchObject({ code: 'file_changed', details: { file: 'users.csv' } })
  expect(exitStatus(error)).toBe(1)
  expect(await versions()).toEqual([])
})

test('C67 nothing is trained across a month that is missing, unless that is asked for', async () => {
  await take(await bring('january', monthFiles(1)), JANUARY)
  await take(await bring('march', monthFiles(3)), MARCH)
  const error = await refusal(train(loop.ports, project, { asOf: MARCH }))
  expect(error).toMatchObject({ code: 'gap', details: { value: expect.stringContaining('2024-02-29') } })
  expect(exitStatus(error)).toBe(3)
  expect(await train(loop.ports, project, { asOf: MARCH, allowGap: true })).toMatchObject({ version: 1 })
})

test('C68 a month that comes after the next is one of its own, and each is read as it was', async () => {
  await take(await bring('february', monthFiles(2)), FEBRUARY)
  await take(await bring('january', monthFiles(1)), JANUARY)
  expect((await versions()).map(String).sort()).toEqual([`${JANUARY},1`, `${FEBRUARY},1`])
  for (const [date, month] of [
    [JANUARY, 1],
    [FEBRUARY, 2],
  ] as const) {
    const { rows } = await labelledRows(loop.ports, project, date)
    const lines = String(monthFiles(month)['usage.csv']).trimEnd().split('\n').slice(1)
    const hours = new Map(lines.map((line) => [line.split(',')[0], Number(line.split(',')[1])]))
    expect(rows.keys.map((key) => hours.get(key))).toEqual(Array.from(rows.columns[0]!))
  }
})

test('C69 the same month again changes nothing', async () => {
  const dir = await bring('january', monthFiles(1))
  const first = await take(dir, JANUARY)
  const again = await take(dir, JANUARY)
  expect(again).toMatchObject({ snapshot: first.snapshot, already: true })
  expect(await versions()).toEqual([[JANUARY, 1]])
})

test('C70 other content for a known month is a conflict, and as a correction a version of its own', async () => {
  const first = await take(await bring('january', monthFiles(1)), JANUARY)
  const before = (await loop.ports.snapshots.list())[0]
  const other = await bring('corrected', monthFiles(7))
  const error = await refusal(take(other, JANUARY))
  expect(error).toMatchObject({ code: 'already_ingested_differently', hint: expect.stringContaining('--correction') })
  expect(exitStatus(error)).toBe(3)
  expect(await take(other, JANUARY, { correction: true })).toMatchObject({ version: 2 })
  const [old, corrected] = await loop.ports.snapshots.list()
  expect(old).toEqual(before)
  expect(old!.id).toBe(first.snapshot)
  expect(Date.parse(corrected!.knownAt)).toBeGreaterThan(Date.parse(old!.knownAt))
})

test('C71 a correction that races with a training changes none of its rows', async () => {
  await take(await bring('january', monthFiles(1)), JANUARY)
  const other = await bring('corrected', monthFiles(7))
  const [trained, corrected] = await Promise.all([
    train(loop.ports, project, { asOf: JANUARY }),
    take(other, JANUARY, { correction: true }),
  ])
  expect(corrected.version).toBe(2)
  // Either set is right, half of one and half of the other is not: what was trained on is built again bit for bit.
  const { rows } = await rebuildTrainingSet(loop.ports, project, trained.version)
  const labels = (month: number) => {
    const lines = String(monthFiles(month)['labels.csv']).trimEnd().split('\n').slice(1)
    const left = new Map(lines.map((line) => line.split(',') as [string, string]))
    return rows.keys.map((key) => (left.get(key) === 'True' ? 1 : 0))
  }
  expect([labels(1), labels(7)]).toContainEqual(Array.from(rows.label!))
})

test('C72 one id with other content is a conflict', async () => {
  const table = { sha256: 'a'.repeat(64), bytes: 9, rows: 2 }
  const first = await loop.ports.snapshots.push({ id: 'one', source: 'events', table })
  const other = { ...table, sha256: 'b'.repeat(64) }
  const error = await refusal(loop.ports.snapshots.push({ id: 'one', source: 'events', table: other }))
  expect(error.code).toBe('push_differs')
  expect(exitStatus(error)).toBe(3)
  expect(await loop.ports.snapshots.push({ id: 'one', source: 'events', table })).toMatchObject({ already: true })
  expect(await loop.ports.snapshots.pushes()).toEqual([first.push])
})

test('C73 of two deliveries of one month at once, one wins and the other is a conflict', async () => {
  const dirs = [await bring('one', monthFiles(1)), await bring('other', monthFiles(7))]
  const ended = await Promise.allSettled(dirs.map((dir) => take(dir, JANUARY)))
  const errors = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as VigieError] : []))
  expect(errors).toMatchObject([{ code: 'already_ingested_differently' }])
  expect(exitStatus(errors[0])).toBe(3)
  expect(await versions()).toEqual([[JANUARY, 1]])
})

test('C75 labels that came before their outcome was decided train nobody', async () => {
  const slow = projectOf({ horizon: '36500d' })
  await take(await bring('january', monthFiles(1)), JANUARY, { of: slow })
  const error = await refusal(train(loop.ports, slow, { asOf: JANUARY }))
  expect(error).toMatchObject({ code: 'labels_immature', message: expect.stringMatching(/\d+ labels/) })
  expect(exitStatus(error)).toBe(3)
})
