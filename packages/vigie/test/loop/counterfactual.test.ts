import { expect, it } from 'vitest'
import type { Project } from '../../src/define/project.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { lastMicrosOf } from '../../src/domain/point-in-time.ts'
import { startServer } from '../../src/http/server.ts'
import { f } from '../../src/index.ts'
import { answerNow, answerThen, type When } from '../../src/loop/counterfactual.ts'
import { type AnsweredKey, answersThen } from '../../src/loop/counterfactual-rows.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { materialize } from '../../src/loop/materialize.ts'
import { nowMicros } from '../../src/loop/online-request.ts'
import { type BooleanPrediction, readableValues } from '../../src/loop/predict.ts'
import { train } from '../../src/loop/train.ts'
import { versionReader } from '../../src/loop/version-reader.ts'
import type { ServedBatch } from '../../src/ports/served-vectors.ts'
import { silent } from '../http/serving.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject, plans } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY, MARCH] = [asOf('2024-01-31'), asOf('2024-02-29'), asOf('2024-03-31')]

interface Answer {
  readonly probability: number
  readonly features_used: unknown
}

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)
const item = (i: number) => `item-${String(i).padStart(4, '0')}`

async function ask(version: number, key: string, when: When, definition: Project = project) {
  const reader = await versionReader(loop.ports, definition, version)
  return answerThen(loop.ports, definition, { reader, key, when })
}

it('what a server answered is answered again to the same bits, whatever was delivered since', async () => {
  await loop.run(project, await month('january'), JANUARY)
  const { ports } = loop
  const server = await startServer({ ports, project, host: '127.0.0.1', port: 0, logger: silent })
  const predict = async (key: string): Promise<Answer> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: key }) }
    return (await fetch(`${server.url}/predict`, init)).json() as Promise<Answer>
  }
  const keys = Array.from({ length: 40 }, (_, i) => item(i * 7))
  const answers = new Map<string, Answer>()
  for (const key of keys) answers.set(key, await predict(key))
  await server.close()
  await ports.served.flush()

  const reader = await versionReader(ports, project, 1)
  for (const key of keys) {
    const { probability } = answers.get(key)!
    expect((await answerNow(ports, project, { reader, key })).prediction).toMatchObject({ probability })
  }

  const take = (dir: string, date: typeof JANUARY, correction = false) =>
    ingest(ports, project, { dir, asOf: date, correction })
  await take(await month('corrected', { seed: 5, shift: 3 }), JANUARY, true)
  await take(await month('february', { seed: 2 }), FEBRUARY)
  await materialize(ports, project)

  const batches: ServedBatch[] = []
  for await (const batch of ports.served.newest(1000)) batches.push(batch)
  const logged = batches.flatMap(({ rows }) => rows)
  expect(logged).toHaveLength(keys.length)
  let otherNow = 0
  for (const { key, at, values } of logged) {
    const then = await answerThen(ports, project, { reader, key, when: { at, knownAt: at } })
    const answered = answers.get(key)!
    expect(then.prediction).toMatchObject({ probability: answered.probability })
    expect(readableValues(then.columns, then.features.values)).toEqual(answered.features_used)
    expect(then.features.values).toEqual(values)
    const now = (await answerNow(ports, project, { reader, key })).prediction as BooleanPrediction
    if (now.probability !== answered.probability) otherNow++
  }
  expect(otherNow).toBeGreaterThan(keys.length / 2)
})

it('a correction counts from when it is known, and each value says since when it is', async () => {
  await loop.run(project, await month('january'), JANUARY)
  const first = await loop.ports.snapshots.list()
  const before = await ask(1, item(3), { at: JANUARY, knownAt: null })
  expect(new Set(before.features.eventTimes)).toEqual(new Set([lastMicrosOf(JANUARY)]))
  expect(new Set(before.knownTimes)).toEqual(new Set([Date.parse(first[0]!.knownAt) * 1000]))

  const dir = await month('corrected', { seed: 5, shift: 3 })
  await ingest(loop.ports, project, { dir, asOf: JANUARY, correction: true })
  expect(await ask(1, item(3), { at: JANUARY, knownAt: null })).toEqual(before)
  const [, correction] = await loop.ports.snapshots.list()
  const corrected = await ask(1, item(3), { at: JANUARY, knownAt: nowMicros() })
  expect(corrected.features.values).not.toEqual(before.features.values)
  expect(Math.floor(corrected.knownTimes![0]! / 1000)).toBe(Date.parse(correction!.knownAt))
  expect(new Set(corrected.knownTimes).size).toBe(1)
})

it('a version answers by its own recipe when the definition no longer has what it reads', async () => {
  await loop.run(project, await month('january'), JANUARY)
  const before = await ask(1, item(3), { at: JANUARY, knownAt: null })
  const { x, kind } = plans
  const other = oddProject({ plan: { x, kind: f.category('r', 'q', 'p', 's') }, use: null, features: ['plan.*'] })
  expect(kind).toBeDefined()
  expect((await ask(1, item(3), { at: JANUARY, knownAt: null }, other)).prediction).toEqual(before.prediction)

  const reordered = oddProject({ plan: { ...plans, kind: f.category('r', 'q', 'p', 's') } })
  const same = await ask(1, item(4), { at: JANUARY, knownAt: null }, reordered)
  expect(same.prediction).toEqual((await ask(1, item(4), { at: JANUARY, knownAt: null })).prediction)
})

it('many keys get the same answers as each for itself, and one without an answer stops no other', async () => {
  const hasUse = ({ i }: { readonly i: number }) => i !== 8
  await ingest(loop.ports, project, { dir: await month('january', { hasUse }), asOf: JANUARY, correction: false })
  await train(loop.ports, project, { asOf: JANUARY })
  const reader = await versionReader(loop.ports, project, 1)
  const when = { at: FEBRUARY, knownAt: null }
  const asked = [item(5), 'nobody', item(8), item(3), item(5)]
  async function* keys() {
    yield* asked
  }
  const found: AnsweredKey[] = []
  for await (const batch of answersThen(loop.ports, { reader, when, keys: keys() })) found.push(...batch)
  expect(found.map(({ key, refusal }) => [key, refusal])).toEqual([
    [item(5), null],
    ['nobody', 'user_unknown'],
    [item(8), 'features_missing'],
    [item(3), null],
    [item(5), null],
  ])
  for (const { key, prediction } of found) {
    if (prediction) expect(prediction).toEqual((await ask(1, key, when)).prediction)
  }
})

it('a later version may be asked of an earlier time', async () => {
  const next = oddProject({ features: ['plan.x', 'use.y'] })
  const take = (dir: string, date: typeof JANUARY) =>
    ingest(loop.ports, project, { dir, asOf: date, correction: false })
  await take(await month('january'), JANUARY)
  await train(loop.ports, project, { asOf: JANUARY })
  await take(await month('february', { seed: 2, law: 'y' }), FEBRUARY)
  const { version } = await train(loop.ports, next, { asOf: FEBRUARY })
  const [old, young] = [
    await ask(1, item(5), { at: JANUARY, knownAt: null }),
    await ask(version, item(5), { at: JANUARY, knownAt: null }),
  ]
  expect(young.columns.map(({ name }) => name)).toEqual(['plan.x', 'use.y'])
  expect(young.features.values[0]).toBe(old.features.values[0])
  expect(young.prediction).not.toEqual(old.prediction)
})

it('says what is not there: a version, a key, a value, and a time of which nothing is known or that has not come', async () => {
  const hasUse = ({ i }: { readonly i: number }) => i !== 8
  await ingest(loop.ports, project, { dir: await month('february', { hasUse }), asOf: FEBRUARY, correction: false })
  await train(loop.ports, project, { asOf: FEBRUARY })
  const at = (date: typeof JANUARY): When => ({ at: date, knownAt: null })
  await expect(ask(9, item(1), at(FEBRUARY))).rejects.toMatchObject({ code: 'version_unknown' })
  await expect(ask(1, 'nobody', at(MARCH))).rejects.toMatchObject({ code: 'user_unknown' })
  await expect(ask(1, item(8), at(MARCH))).rejects.toMatchObject({ code: 'features_missing', details: { value: 'y' } })
  await expect(ask(1, item(1), at(JANUARY))).rejects.toMatchObject({
    code: 'snapshot_missing',
    hint: expect.stringContaining('2024-02-29'),
  })
  await expect(ask(1, item(1), { at: MARCH, knownAt: lastMicrosOf(MARCH) })).rejects.toMatchObject({
    code: 'snapshot_missing',
    message: expect.stringContaining('delivered by 2024-03-31T23:59'),
  })
  await expect(ask(1, item(1), at(asOf('2199-01-31')))).rejects.toMatchObject({ code: 'as_of_invalid' })
})
