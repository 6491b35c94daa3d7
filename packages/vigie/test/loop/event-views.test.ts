import { expect, it } from 'vitest'
import { asOf, asOfMicros } from '../../src/domain/as-of.ts'
import { micros } from '../../src/domain/point-in-time.ts'
import {
  anyOf,
  csv,
  defineProject,
  entity,
  evidentlyRules,
  f,
  featureView,
  label,
  randomForest,
  share,
  stableHoldout,
} from '../../src/index.ts'
import { answerThen } from '../../src/loop/counterfactual.ts'
import { labelledRows, viewSources } from '../../src/loop/dataset.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { versionReader } from '../../src/loop/version-reader.ts'
import { writeCsv } from '../delivery.ts'
import { loopForTests } from './loop-for-tests.ts'
import { oddMonth } from './odd-months.ts'

const loop = loopForTests()
const JANUARY = asOf('2024-01-31')
const FEBRUARY = asOf('2024-02-29')
const HEADER = ['id', 'at', 'written', 'amount']

const item = entity({ key: 'id', type: f.string() })
const project = defineProject({
  name: 'events',
  csv: csv({ nulls: [''], booleans: ['Y', 'N'] }),
  snapshots: { every: 'month', first: '2024-01-31' },
  featureViews: {
    plan: featureView({ entity: item, from: 'plans', features: { x: f.float() }, extra: 'keep' }),
    visit: featureView({
      entity: item,
      from: 'visits',
      eventTime: 'at',
      createdTime: 'written',
      ttl: '40d',
      features: { amount: f.optional(f.float()) },
    }),
  },
  label: label({ entity: item, from: 'labels', column: 'gone', type: f.boolean() }),
  model: {
    name: 'events_model',
    features: ['plan.*', 'visit.*'],
    trainer: randomForest({ trees: 40, seed: 1, classWeight: 'balanced', minSamplesLeaf: 3 }),
    holdout: stableHoldout({ fraction: 0.4 }),
    metrics: ['auc', 'logLoss'],
  },
  monitor: {
    against: 'previous-snapshot',
    drift: evidentlyRules(),
    retrainWhen: anyOf(share.atLeast(0.02)),
  },
  promotion: { metric: 'auc', minGain: 0.01, guards: {} },
})

async function month(name: string, visits: readonly (readonly string[])[], seed = 1): Promise<string> {
  const dir = await oddMonth(loop.folder, name, { seed })
  await writeCsv(dir, 'visits', HEADER, visits)
  return dir
}

/** One row in this form: item, time, when it was written, amount. */
const visit = (i: number, at: string, amount: string, written = at) => [`item-000${i}`, at, written, amount]

const early = [
  visit(1, '2024-01-10T12:00:00Z', '1'),
  visit(1, '2024-01-31T23:59:59.999999Z', '2'),
  visit(2, '2024-01-20T00:00:00+01:00', '3', '2024-01-20T00:00:00Z'),
  visit(2, '2024-01-20T00:00:00+01:00', '4', '2024-01-21T00:00:00Z'),
  visit(3, '2024-01-05T00:00:00Z', '5'),
  visit(3, '2024-01-06T00:00:00Z', ''),
]

async function amounts(at: typeof JANUARY): Promise<readonly (number | null)[]> {
  const { rows } = await labelledRows(loop.ports, project, at)
  const column = rows.columns[rows.spec.findIndex(({ name }) => name === 'visit.amount')]!
  return [1, 2, 3, 4].map((i) => {
    const value = column[rows.keys.indexOf(`item-000${i}`)]!
    return Number.isNaN(value) ? null : value
  })
}

it('labels see the newest event of their entity up to the end of their date, and a null is the newest too', async () => {
  await ingest(loop.ports, project, { dir: await month('a', early), asOf: JANUARY })
  await ingest(loop.ports, project, {
    dir: await month('b', [visit(4, '2024-02-15T00:00:00Z', '6'), visit(1, '2024-02-01T00:00:00Z', '7')]),
    asOf: FEBRUARY,
    approvals: { codes: ['volume_gate'], actor: 'the test' },
  })
  const [first] = await loop.ports.snapshots.list()
  const times = ['2024-01-05T00:00:00Z', '2024-01-31T23:59:59.999999Z'].map((text) => Number(micros(text)))
  expect(first!.tables.visits).toMatchObject({ rows: 6, eventRange: times })
  expect(first!.rows).toBe(600)
  expect(await amounts(JANUARY)).toEqual([2, 4, null, null])
  // Item 2 was last seen 40 days and an hour before the end of February.
  expect(await amounts(FEBRUARY)).toEqual([7, null, null, 6])
})

it('a correction replaces the events of its date, and pushed ones count from when they are known', async () => {
  await ingest(loop.ports, project, { dir: await month('a', early), asOf: JANUARY })
  const corrected = await month('b', [visit(1, '2024-01-11T00:00:00Z', '8')], 2)
  await ingest(loop.ports, project, {
    dir: corrected,
    asOf: JANUARY,
    correction: true,
    approvals: { codes: ['volume_gate'], actor: 'the test' },
  })
  const { snapshots, offline } = loop.ports
  const file = await writeCsv(loop.folder, 'visits', HEADER, [visit(2, '2024-01-12T00:00:00Z', '9')])
  const before = Number(micros(await snapshots.now()))
  const table = await offline.importCsv(file, HEADER, project.sources.visits!, 1)
  await snapshots.push({ id: 'push', source: 'visits', table })
  const after = Number(micros(await snapshots.now()))

  const catalogue = { snapshots: await snapshots.list(), pushes: await snapshots.pushes() }
  const view = { ...viewSources(project).find(({ view }) => view === 'visit')!, ttlMs: null }
  const features = project.model.features.filter((feature) => feature.view === 'visit')
  const late = Number(asOfMicros(JANUARY))
  const keys = ['item-0001', 'item-0002', 'item-0001', 'item-0002', 'item-0003', 'item-0002']
  const at = Float64Array.of(late, late, after, after, after, before)
  const joined = await offline.pointInTimeJoin({
    spine: { kind: 'rows', keys, at },
    features,
    views: [view],
    ...catalogue,
  })
  expect(Array.from(joined.columns[0]!)).toEqual([Number.NaN, Number.NaN, 8, 9, Number.NaN, Number.NaN])
  const newest = await offline.newest({ view, features, at: after, ...catalogue })
  expect([newest.keys, Array.from(newest.columns[0]!)]).toEqual([
    ['item-0001', 'item-0002'],
    [8, 9],
  ])
  expect(newest.eventTimes[1]).toBe(Number(micros('2024-01-12T00:00:00Z')))
  expect(newest.knownTimes[1]).toBe(Number(micros(catalogue.pushes[0]!.knownAt)))
})

it('an answer of then says of each event since when it is known, also when it came twice', async () => {
  const { snapshots, offline } = loop.ports
  const everyone = Array.from({ length: 600 }, (_, i) => [
    `item-${String(i).padStart(4, '0')}`,
    '2024-01-20T00:00:00Z',
    '2024-01-20T00:00:00Z',
    String(i / 8),
  ])
  await loop.run(project, await month('a', everyone), JANUARY)
  const push = async (id: string, rows: readonly (readonly string[])[]) => {
    const file = await writeCsv(loop.folder, 'visits', HEADER, rows)
    const table = await offline.importCsv(file, HEADER, project.sources.visits!, rows.length)
    return (await snapshots.push({ id, source: 'visits', table })).push.knownAt
  }
  await push('first', [visit(1, '2024-01-25T00:00:00Z', '7'), visit(2, '2024-01-25T00:00:00Z', '8')])
  const again = await push('again', [visit(1, '2024-01-25T00:00:00Z', '9'), visit(3, '2024-01-30T00:00:00Z', '8')])
  const reader = await versionReader(loop.ports, project, 1)
  const at = project.model.features.findIndex(({ name }) => name === 'visit.amount')
  const ask = async (key: string, knownAt: number | null) => {
    const { features, knownTimes } = await answerThen(loop.ports, project, {
      reader,
      key,
      when: { at: JANUARY, knownAt },
    })
    return [features.values[at], knownTimes![at]]
  }
  const now = Number(micros(await snapshots.now()))
  const delivered = Number(micros((await snapshots.list())[0]!.knownAt))
  // At the end of January nobody had pushed yet.
  expect(await ask('item-0001', null)).toEqual([1 / 8, delivered])
  expect(await ask('item-0001', now)).toEqual([9, Number(micros(again))])
  const pushes = await snapshots.pushes()
  expect(await ask('item-0002', now)).toEqual([8, Number(micros(pushes[0]!.knownAt))])
  expect(await ask('item-0008', now)).toEqual([1, delivered])
  await expect(ask('item-0001', delivered)).rejects.toMatchObject({ code: 'snapshot_missing' })
})

it.each([
  ['after_cutoff', 'an event after the end of the date', [visit(1, '2024-02-01T00:00:00Z', '1')]],
  ['future_time', 'an event that has not happened', [visit(1, '2199-01-01T00:00:00Z', '1')]],
  ['duplicate_key', 'the same times twice', [...early, visit(3, '2024-01-05T00:00:00Z', '6')]],
])('%s: %s is refused, and nothing is stored', async (code, _what, visits) => {
  const refusal = ingest(loop.ports, project, { dir: await month('a', visits), asOf: JANUARY })
  await expect(refusal).rejects.toMatchObject({ code, kind: 'rejected', details: { file: 'visits.csv' } })
  expect(await loop.ports.snapshots.list()).toEqual([])
})

it('the loop trains on events, serves what it was trained on and proves it', async () => {
  const visits = Array.from({ length: 600 }, (_, i) => [
    `item-${String(i).padStart(4, '0')}`,
    `2024-01-${String(1 + (i % 31)).padStart(2, '0')}T08:00:00Z`,
    '2024-01-31T00:00:00Z',
    String(i / 8),
  ])
  const outcome = await loop.run(project, await month('a', visits), JANUARY)
  expect(outcome.decision?.outcome).toBe('promote')
  const request = { features: project.model.features, maxAges: {} }
  const vector = loop.ports.online.read('item-0008', request, Number(asOfMicros(FEBRUARY)))
  expect(vector.values[project.model.features.findIndex(({ name }) => name === 'visit.amount')]).toBe(1)
  expect(vector.eventTimes[vector.values.length - 1]).toBe(Number(micros('2024-01-09T08:00:00Z')))
})
