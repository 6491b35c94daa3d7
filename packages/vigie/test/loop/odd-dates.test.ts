import { cp } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { rowsHash } from '../../src/domain/rows-hash.ts'
import { labelledRows, split } from '../../src/loop/dataset.ts'
import { nowMicros, onlineRequest } from '../../src/loop/online-request.ts'
import { train } from '../../src/loop/train.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY, MARCH, APRIL] = ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'] as const

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)
const champion = async () => (await loop.ports.registry.champion('odd_model'))?.version ?? null

it('months that come late are looked at and bring back no model of the past', async () => {
  await loop.run(project, await month('march', { law: 'y' }), MARCH)
  await loop.run(project, await month('january', { seed: 2, law: 'x' }), JANUARY)
  const late = await loop.run(project, await month('february', { seed: 3, law: 'x', shift: 5 }), FEBRUARY)
  expect(late.drift?.share).toBeGreaterThan(0.1)
  expect(late.retrain).toMatchObject({ triggered: false, reason: 'none', triggers: [] })
  expect(late.retrain.text).toContain('; 2024-03-31 is newer, and only the newest date trains')
  expect(await champion()).toBe(1)
  const next = await loop.run(project, await month('april', { seed: 4, law: 'y' }), APRIL)
  expect(next.drift?.share).toBe(0)
  expect(await champion()).toBe(1)
})

it('a correction of an old month changes no row that was trained on, and no prediction of today', async () => {
  const first = await month('january')
  await loop.run(project, first, JANUARY)
  await loop.run(project, await month('february', { seed: 2, law: 'y' }), FEBRUARY)
  const before = await loop.ports.registry.version('odd_model', 1)
  const today = loop.ports.online.read('item-0001', onlineRequest(project, project.model.features), nowMicros())

  const refused = await loop.run(project, await month('other', { seed: 9 }), JANUARY)
  expect(refused.ingest).toMatchObject({
    rejected: { code: 'already_ingested_differently', hint: expect.stringContaining('--correction') },
  })
  // Other features, the same labels: what was known then is what it was.
  const corrected = path.join(loop.folder, 'corrected')
  await cp(await month('shifted', { shift: 50 }), corrected, { recursive: true })
  await loop.run(project, corrected, JANUARY, { correction: true })
  await loop.run(project, corrected, JANUARY, { correction: true })
  expect((await loop.ports.snapshots.list()).map((s) => [s.asOf, s.version, s.assumed])).toEqual([
    [JANUARY, 1, true],
    [JANUARY, 2, false],
    [FEBRUARY, 1, true],
  ])

  const { training } = split(await labelledRows(loop.ports, project, asOf(JANUARY)), project.model.holdout)
  expect(rowsHash(training.rows, asOf(JANUARY))).toBe(before?.trainingRowsHash)
  expect(await train(loop.ports, project, { asOf: asOf(JANUARY) })).toMatchObject({ version: 1 })
  expect(loop.ports.online.read('item-0001', onlineRequest(project, project.model.features), nowMicros())).toEqual(
    today,
  )
  expect(await champion()).toBe(2)
})

it('the same month in another folder is in already; the same files at another date are another month', async () => {
  const first = await month('january')
  await loop.run(project, first, JANUARY)
  const copy = path.join(loop.folder, 'copy')
  await cp(first, copy, { recursive: true })
  await loop.run(project, copy, JANUARY)
  expect((await loop.ports.snapshots.list()).length).toBe(1)
  const again = await loop.run(project, copy, FEBRUARY)
  expect(again).toMatchObject({ drift: { share: 0 }, targetDrift: 0, retrain: { triggered: false } })
})

it('a month that is missing is stepped over where the definition says so', async () => {
  const allowing: typeof project = { ...project, snapshots: { ...project.snapshots, gaps: 'allow' } }
  await loop.run(allowing, await month('january'), JANUARY)
  const outcome = await loop.run(allowing, await month('april', { seed: 2, law: 'y' }), APRIL)
  expect(outcome.drift?.features.length).toBe(6)
  expect(outcome.decision?.outcome).toBe('promote')
})
