import path from 'node:path'
import { expect, it } from 'vitest'
import { HEADER_BYTES } from '../../src/adapters/lmdb/vector.ts'
import { openDatabase, vectorKey } from '../../src/adapters/lmdb/vector-database.ts'
import { viewInputs } from '../../src/define/model-input.ts'
import type { Project } from '../../src/define/project.ts'
import { asOf, endOfDayMs } from '../../src/domain/as-of.ts'
import { derivation } from '../../src/domain/derivation.ts'
import { predictions } from '../../src/http/predict.ts'
import { openServingModel } from '../../src/http/serving-model.ts'
import { difference } from '../../src/index.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { nowMicros, onlineRequest } from '../../src/loop/online-request.ts'
import { liveParity } from '../../src/loop/parity/live-parity.ts'
import { loggedParity } from '../../src/loop/parity/logged-parity.ts'
import { promote } from '../../src/loop/promote.ts'
import { replay } from '../../src/loop/replay.ts'
import { silent } from '../http/serving.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)
const JANUARY = '2024-01-31'
const FEBRUARY = '2024-02-29'
const ALL = Number.POSITIVE_INFINITY

/** Of all items, or `rows` of them. */
const live = (of: Project, { rows = ALL, settleMs = 0 } = {}) =>
  liveParity(loop.ports, of, derivation(of.model.features).inputs, { rows, settleMs })

const served = (of: Project) => loggedParity(loop.ports, of, { rows: ALL })

/** Writes one value of an item over what is online, as a fault would. */
async function corrupt(of: Project, key: string, feature: string, value: number): Promise<void> {
  const database = openDatabase(path.join(loop.folder, '..', 'online.lmdb'))
  const stored = vectorKey('plan', key)
  const vector = Buffer.from(database.getBinary(stored)!)
  const position = viewInputs(of, 'plan').findIndex(({ name }) => name === feature)
  vector.writeDoubleLE(value, HEADER_BYTES + 8 * position)
  await database.put(stored, vector)
  await database.close()
}

it('what is online equals the history, and so does what was served, whatever is ingested afterwards', async () => {
  const project = oddProject({ derived: { change: difference('plan.x') }, features: ['plan.*', 'use.*', 'derived.*'] })
  const predict = async (keys: readonly string[]) => {
    const { registry, artefacts, online, served: log } = loop.ports
    const serving = await openServingModel({ registry, artefacts, project, logger: silent })
    const api = predictions(project, online, serving, log)
    for (const key of keys) await api.predict(key)
    await serving.close()
    await log.flush()
  }
  await loop.run(project, await month('january', { hasUse: ({ i }) => i % 7 !== 0 }), JANUARY)
  expect(await live(project)).toEqual({ rows: 600, equal: 600, differences: [], incomparable: 0 })
  await predict(['item-0001', 'item-0002'])

  await loop.run(project, await month('february', { seed: 2, law: 'y', items: 500 }), FEBRUARY)
  await predict(['item-0001', 'item-0599', 'item-0003'])
  await ingest(loop.ports, project, { dir: await month('c', { seed: 3 }), asOf: asOf(JANUARY), correction: true })
  await materialize(loop.ports, project)
  await predict(['item-0002'])
  expect(await live(project)).toMatchObject({ rows: 600, equal: 600, differences: [] })
  expect(await served(project)).toEqual({ rows: 6, equal: 6, differences: [], incomparable: 0 })

  await materialize(loop.ports, project, { full: true })
  expect(await live(project)).toMatchObject({ rows: 600, equal: 600 })
  // What the store had before it was built anew is not known any more.
  expect(await served(project)).toMatchObject({ rows: 0, incomparable: 6 })
})

it('one value that is not what the history says blocks the promotion and is named; the champion stays', async () => {
  const project = oddProject()
  await loop.run(project, await month('january'), JANUARY)
  await ingest(loop.ports, project, { dir: await month('february', { seed: 2, law: 'y' }), asOf: asOf(FEBRUARY) })
  await materialize(loop.ports, project)
  await corrupt(project, 'item-0042', 'plan.k', 77)

  const outcome = await loop.run(project, await month('again', { seed: 2, law: 'y' }), FEBRUARY)
  expect(outcome.decision).toMatchObject({
    outcome: 'hold',
    reasons: expect.arrayContaining([expect.objectContaining({ kind: 'hold', code: 'parity_mismatch' })]),
  })
  expect(outcome.decision?.reasons.at(-1)?.text).toMatch(
    /^1 of 600 entities differ: plan\.k of id=item-0042 is 77 online and \d+ offline: value differs$/,
  )
  expect((await loop.ports.registry.champion('odd_model'))?.version).toBe(1)

  const decision = (await loop.ports.registry.decisions('odd_model')).find(({ challenger }) => challenger === 2)!
  expect(decision.outcome).toBe('promote')
  expect(await replay(loop.ports, project, decision.id)).toMatchObject({ same: true })
  const byHand = () => promote(loop.ports, project, { decision: decision.id, actor: 'test' })
  await expect(byHand()).rejects.toMatchObject({ code: 'parity_mismatch' })
  await materialize(loop.ports, project, { full: true })
  expect(await byHand()).toMatchObject({ version: 2 })
})

it('a version that is not online yet is told from a fault, and waited for', async () => {
  const project = oddProject()
  await ingest(loop.ports, project, { dir: await month('january'), asOf: asOf(JANUARY) })
  const before = await live(project)
  expect(before).toMatchObject({ rows: 600, equal: 0 })
  expect(before.differences).toHaveLength(20)
  expect(new Set(before.differences.map(({ why }) => why))).toEqual(new Set(['not materialized yet']))

  await materialize(loop.ports, project)
  await ingest(loop.ports, project, { dir: await month('february', { seed: 2, items: 590 }), asOf: asOf(FEBRUARY) })
  expect(await live(project)).toMatchObject({ rows: 600, equal: 10 })
  const [waited] = await Promise.all([live(project, { settleMs: 20_000 }), materialize(loop.ports, project)])
  expect(waited).toMatchObject({ rows: 600, equal: 600, differences: [] })
})

it('an entity that is missing online, one that is only there, and what is written online only are named', async () => {
  const project = oddProject()
  await ingest(loop.ports, project, { dir: await month('january', { items: 20 }), asOf: asOf(JANUARY) })
  await materialize(loop.ports, project)
  const { online, snapshots } = loop.ports
  const spec = viewInputs(project, 'use')
  const version = (await snapshots.list())[0]!.id
  const rows = (keys: readonly string[], time: number) => ({
    spec,
    keys,
    columns: spec.map(() => new Float64Array(keys.length).fill(1)),
    label: null,
    eventTimes: new Float64Array(keys.length).fill(time),
    knownTimes: new Float64Array(keys.length).fill(time),
  })
  const event = endOfDayMs(asOf(JANUARY)) * 1000 - 1
  await online.materialize('use', rows(['item-0000', 'stranger'], event), { mode: 'rebuild', versions: [version] })
  await online.materialize('use', rows(['item-0001'], event), { mode: 'merge', versions: [] })
  const { differences, rows: compared, equal } = await live(project)
  expect([compared, equal]).toEqual([21, 0])
  const why = (key: string) => [...new Set(differences.filter((d) => d.key === key).map((d) => d.why))]
  expect(['item-0000', 'item-0001', 'item-0002'].map(why)).toEqual([
    ['value differs'],
    ['written online only'],
    ['entity missing'],
  ])
})

it('values that are too old are so in both stores', async () => {
  const base = oddProject()
  const { plan } = base.featureViews
  const project = { ...base, featureViews: { ...base.featureViews, plan: { ...plan!, ttl: '30d' } } }
  await ingest(loop.ports, project, { dir: await month('january', { items: 20 }), asOf: asOf(JANUARY) })
  await materialize(loop.ports, project)
  expect(await live(project)).toMatchObject({ rows: 20, equal: 20 })
  const { statuses } = loop.ports.online.read('item-0001', onlineRequest(project, project.model.features), nowMicros())
  expect([statuses[0], statuses.at(-2)]).toEqual(['OUTSIDE_MAX_AGE', 'PRESENT'])
  const some = await live(project, { rows: 5 })
  expect(some.rows).toBeGreaterThanOrEqual(5)
  expect(some.rows).toBeLessThan(20)
  expect(some.equal).toBe(some.rows)
})
