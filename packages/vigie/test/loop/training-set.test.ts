import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { isHeldOut } from '../../src/domain/holdout.ts'
import { label } from '../../src/index.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { train } from '../../src/loop/train.ts'
import { rebuildTrainingSet } from '../../src/loop/training-set.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { HELD_OUT, oddProject } from './odd-project.ts'

const loop = loopForTests()
const project = oddProject()
const [JANUARY, FEBRUARY, MARCH] = [asOf('2024-01-31'), asOf('2024-02-29'), asOf('2024-03-31')]

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)
const take = (dir: string, date: typeof JANUARY, correction = false) =>
  ingest(loop.ports, project, { dir, asOf: date, correction })

/** What a person would read from the delivered files: the label of each item that is trained on. */
async function deliveredLabels(dir: string): Promise<Map<string, number>> {
  const [, ...lines] = (await readFile(path.join(dir, 'labels.csv'), 'utf8')).trimEnd().split('\n')
  const rows = lines.map((line) => line.split(',') as [string, string])
  return new Map(rows.filter(([id]) => !isHeldOut(id, HELD_OUT)).map(([id, gone]) => [id, gone === 'Y' ? 1 : 0]))
}

const labelsOf = ({ rows }: Awaited<ReturnType<typeof rebuildTrainingSet>>) =>
  new Map(rows.keys.map((key, i) => [key, rows.label[i]!]))

it('a month that is sent again corrected leaves the old training set, and gives a new one that is right', async () => {
  const first = await month('first')
  await take(first, JANUARY)
  const { version: old } = await train(loop.ports, project, { asOf: JANUARY })
  const before = await rebuildTrainingSet(loop.ports, project, old)
  expect(labelsOf(before)).toEqual(await deliveredLabels(first))

  const corrected = await month('corrected', { shift: 50, outcome: (drawn, { i }) => (i % 3 === 0 ? !drawn : drawn) })
  await take(corrected, JANUARY, true)
  const { version: next } = await train(loop.ports, project, { asOf: JANUARY })
  expect(next).toBe(old + 1)

  expect(await rebuildTrainingSet(loop.ports, project, old)).toEqual(before)
  const after = await rebuildTrainingSet(loop.ports, project, next)
  // Outcomes are what is known of them now; inputs are what was known at the end of January.
  expect(labelsOf(after)).toEqual(await deliveredLabels(corrected))
  expect(labelsOf(after)).not.toEqual(labelsOf(before))
  expect(after.rows.columns).toEqual(before.rows.columns)
})

it('a month that comes late, and another definition, change no training set', async () => {
  const project2 = oddProject({ features: ['plan.x', 'use.y'] })
  await take(await month('march', { hasUse: ({ i }) => i % 2 === 0 }), MARCH)
  const { version } = await train(loop.ports, project, { asOf: MARCH })
  const before = await rebuildTrainingSet(loop.ports, project, version)
  // Values of February, which March then would have taken for the items without any.
  await take(await month('february', { seed: 2 }), FEBRUARY)
  expect(await rebuildTrainingSet(loop.ports, project, version)).toEqual(before)
  const { version: next, rows } = await train(loop.ports, project, { asOf: MARCH })
  expect(next).toBe(version + 1)
  expect(rows).toBeGreaterThan(before.rows.keys.length)
  expect(await rebuildTrainingSet(loop.ports, project2, version)).toEqual({ ...before, definition: 'changed' })
})

it('a history that was changed underneath is no training set', async () => {
  await take(await month('january'), JANUARY)
  const { version } = await train(loop.ports, project, { asOf: JANUARY })
  const known = await loop.ports.snapshots.list()
  const lost = { ...loop.ports, snapshots: { ...loop.ports.snapshots, list: async () => [] } }
  await expect(rebuildTrainingSet(lost, project, version)).rejects.toMatchObject({
    code: 'training_set_changed',
    details: { value: known[0]!.id },
  })
  const registry = {
    ...loop.ports.registry,
    version: async (...of: [string, number]) => ({
      ...(await loop.ports.registry.version(...of))!,
      trainingRowsHash: 'f'.repeat(64),
    }),
  }
  await expect(rebuildTrainingSet({ ...loop.ports, registry }, project, version)).rejects.toMatchObject({
    code: 'training_set_changed',
  })
})

it('training is refused while a date between is missing, and says which', async () => {
  await take(await month('january'), JANUARY)
  await take(await month('march', { seed: 3 }), MARCH)
  await expect(train(loop.ports, project, { asOf: MARCH })).rejects.toMatchObject({
    code: 'gap',
    details: { value: FEBRUARY },
  })
  await expect(train(loop.ports, project, { asOf: JANUARY })).resolves.toMatchObject({ version: 1 })
  await expect(train(loop.ports, project, { asOf: MARCH, allowGap: true })).resolves.toMatchObject({ version: 2 })
  await expect(
    train(loop.ports, { ...project, snapshots: { ...project.snapshots, gaps: 'allow' } }, { asOf: MARCH }),
  ).resolves.toMatchObject({ version: 2 })
  await take(await month('february', { seed: 2 }), FEBRUARY)
  await expect(train(loop.ports, project, { asOf: MARCH })).resolves.toMatchObject({ trainedAsOf: MARCH })
})

it('in the loop a missing month holds the decision, and the champion stays', async () => {
  await loop.run(project, await month('january'), JANUARY)
  const outcome = await loop.run(project, await month('march', { seed: 3, law: 'y' }), MARCH)
  expect(outcome.decision).toMatchObject({ outcome: 'hold', reasons: [{ code: 'gap', value: FEBRUARY }] })
  expect((await loop.ports.registry.champion('odd_model'))?.version).toBe(1)
})

it('labels that came before their outcome was decided train and judge nobody', async () => {
  // Whatever is delivered today, these outcomes are decided long after.
  const patient = { ...project, label: label({ ...project.label, horizon: '20000d' }) } as typeof project
  await take(await month('january'), JANUARY)
  await expect(train(loop.ports, patient, { asOf: JANUARY })).rejects.toMatchObject({ code: 'labels_immature' })
  const outcome = await loop.run(patient, await month('february', { seed: 2 }), FEBRUARY)
  expect(outcome.decision).toMatchObject({ outcome: 'hold', reasons: [{ code: 'labels_immature' }] })
  const decided = { ...project, label: label({ ...project.label, horizon: '30d' }) } as typeof project
  await expect(train(loop.ports, decided, { asOf: JANUARY })).resolves.toMatchObject({ version: 1, immature: 0 })
})
