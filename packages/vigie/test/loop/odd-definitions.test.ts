import { expect, it } from 'vitest'
import type { Project } from '../../src/define/project.ts'
import { predictions } from '../../src/http/predict.ts'
import { openServingModel, type Served } from '../../src/http/serving-model.ts'
import { f } from '../../src/index.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject, plans, uses } from './odd-project.ts'

const loop = loopForTests()
const [JANUARY, FEBRUARY, MARCH] = ['2024-01-31', '2024-02-29', '2024-03-31'] as const
const KEY = 'item-0001'
const silent = { info: () => undefined, error: () => undefined }

const month = (name: string, odd?: Oddity) => oddMonth(loop.folder, name, odd)

/** What a server of this definition answers for one item, and why its model is not the champion. */
async function served(project: Project) {
  const { registry, artefacts, online } = loop.ports
  const serving = await openServingModel({ registry, artefacts, project, logger: silent as never })
  try {
    const model: Served | null = serving.current()
    const answer = model && (await predictions(project, online, serving).predict(KEY))
    return { version: model?.champion.version ?? null, failure: serving.failure()?.code ?? null, answer }
  } finally {
    await serving.close()
  }
}

async function firstChampion(): Promise<Project> {
  const project = oddProject()
  await loop.run(project, await month('a'), JANUARY)
  return project
}

const withZ: Oddity['plan'] = (row, { i }) => ({ ...row, z: String(i % 13) })
it('a new feature: the champion goes on without it and is compared on its own features', async () => {
  const before = await served(await firstChampion())
  const wider = oddProject({ plan: { ...plans, z: f.float() } })
  expect((await served(wider)).answer).toMatchObject({
    version: 1,
    probability: (before.answer as { probability: number }).probability,
  })

  const outcome = await loop.run(wider, await month('b', { seed: 2, law: 'y', plan: withZ }), FEBRUARY)
  expect(outcome.drift?.notTestable.map(({ name }) => name)).toEqual(['plan.z'])
  expect(outcome.comparison).toMatchObject({ candidate: { version: 2 }, champion: { version: 1 } })
  expect(outcome.decision?.outcome).toBe('promote')
  expect((await served(wider)).answer).toMatchObject({ version: 2, features_used: { z: 1 } })
})

it('a new category: the champion takes it for null, and is compared like that', async () => {
  await firstChampion()
  const wider = oddProject({ plan: { ...plans, kind: f.category('s', 'p', 'q', 'r') } })
  const plan: Oddity['plan'] = (row, { i }) => ({ ...row, kind: i % 3 === 1 ? 's' : row.kind! })
  const outcome = await loop.run(wider, await month('b', { seed: 1, plan }), FEBRUARY)
  // The same rows as in January but for one category: only a champion that reads the others right does as well.
  expect(outcome.retrain.text).toMatch(/auc 0\.\d+ -> 0\.\d+: (better by|worse by 0\.0[0-4])/)
  expect(await served(wider)).toMatchObject({ failure: null, answer: { features_used: { kind: 's' } } })
})

it('a feature that the model no longer reads still serves the champion that does', async () => {
  await firstChampion()
  const narrower = oddProject({ features: ['plan.x', 'use.*'] })
  expect(await served(narrower)).toMatchObject({ version: 1, failure: null })
  const outcome = await loop.run(narrower, await month('b', { seed: 2, law: 'y' }), FEBRUARY)
  expect(outcome.comparison?.champion?.version).toBe(1)
  expect(Object.keys((await served(narrower)).answer?.features_used as object)).toEqual(['x', 'y', 'flag'])
})

it('a view that is gone leaves a champion that cannot answer: it is replaced by what passes as a first model', async () => {
  await firstChampion()
  const narrower = oddProject({ use: null, features: ['plan.*'] })
  expect(await served(narrower)).toMatchObject({ version: null, failure: 'feature_spec_mismatch' })
  const outcome = await loop.run(narrower, await month('b', { seed: 2 }), FEBRUARY)
  expect(outcome.retrain).toMatchObject({ triggered: true, reason: 'champion_unreadable' })
  expect(outcome.retrain.text).toBe('version 1 reads use.y, use.flag, which the definition no longer has')
  expect(outcome.decision?.reasons.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['champion_unreadable', 'first_model']),
  )
  expect(await served(narrower)).toMatchObject({ version: 2, failure: null, answer: { version: 2 } })
})

it('an unreadable champion stays when its successor tells nothing', async () => {
  await firstChampion()
  const narrower = oddProject({ use: null, features: ['plan.kind'] })
  const outcome = await loop.run(narrower, await month('b', { seed: 2 }), FEBRUARY)
  expect(outcome.decision).toMatchObject({ outcome: 'keep' })
  expect((await loop.ports.registry.champion('odd_model'))?.version).toBe(1)
})

it('another label column: inputs are compared, the target is not, and the old model is judged by the new label', async () => {
  await firstChampion()
  const project = oddProject({ labelColumn: 'left' })
  const second = await month('b', { seed: 2, law: 'y', labelColumn: 'left' })
  const outcome = await loop.run(project, second, FEBRUARY)
  expect(outcome.drift?.features.length).toBe(6)
  expect(outcome).toMatchObject({ targetDrift: null, drift: { referenceShare: null } })
  expect(outcome.decision?.outcome).toBe('promote')
})

it('another policy, another threshold and another number kind change nothing for a champion', async () => {
  await firstChampion()
  const project = oddProject({ minGain: 0.02, plan: { ...plans, k: f.float() }, use: { ...uses } })
  const outcome = await loop.run(project, await month('b', { seed: 2, law: 'y' }), FEBRUARY)
  expect(outcome.decision?.outcome).toBe('promote')
  const third = await loop.run(project, await month('c', { seed: 3, law: 'y' }), MARCH)
  expect(third.drift?.features.length).toBe(6)
})

it('a cap on the size of the model is measured', async () => {
  const project = oddProject({ guards: { sizeBytes: { max: 100 } } })
  const outcome = await loop.run(project, await month('a'), JANUARY)
  expect(outcome.decision).toMatchObject({ outcome: 'keep' })
  expect(outcome.decision?.reasons).toContainEqual(
    expect.objectContaining({ kind: 'keep', code: 'guard_sizeBytes', bound: 100 }),
  )
})
