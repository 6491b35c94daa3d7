import { expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { frameCsv } from '../../src/domain/frame-csv.ts'
import { artefactHeader } from '../../src/domain/model/artefact.ts'
import { bestF1, calibrated, f, gradientBoosting, ifNull, logisticRegression, oneOf, tuned } from '../../src/index.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { train } from '../../src/loop/train.ts'
import { rebuildTrainingSet } from '../../src/loop/training-set.ts'
import { loopForTests } from './loop-for-tests.ts'
import { type Oddity, oddMonth } from './odd-months.ts'
import { oddProject, plans } from './odd-project.ts'

const loop = loopForTests()
const [JANUARY, FEBRUARY] = [asOf('2024-01-31'), asOf('2024-02-29')]
const logistic = logisticRegression()

const weighted = (model: NonNullable<Parameters<typeof oddProject>[0]>['model'], features = ['plan.x', 'use.y']) =>
  oddProject({ plan: { ...plans, w: f.optional(f.float()) }, features, model: { trainer: logistic, ...model } })
/** Each item with a weight of 1 to 3, and one that may have another. */
const weights = (first?: string): Oddity => ({
  plan: (row, { i, heldOut }) => ({
    ...row,
    w: first !== undefined && !heldOut && i < 20 ? first : String(1 + (i % 3)),
  }),
})

it('rows count by their weight, and a version is rebuilt with the weights that it was trained with', async () => {
  const project = weighted({ sampleWeight: 'plan.w' })
  await ingest(loop.ports, project, { dir: await oddMonth(loop.folder, 'january', weights()), asOf: JANUARY })
  const plain = await train(loop.ports, weighted({}), { asOf: JANUARY })
  const { version, artefact } = await train(loop.ports, project, { asOf: JANUARY })
  expect(artefact).not.toBe(plain.artefact)
  const header = artefactHeader(await loop.ports.artefacts.get(artefact))
  expect(header.features.map(({ name }) => name)).toEqual(['plan.x', 'use.y'])

  const set = await rebuildTrainingSet(loop.ports, project, version)
  expect(set).toMatchObject({ weight: 'plan.w', rowsHash: header.trainingRowsHash })
  expect([...set.rows.weight!]).toEqual(set.rows.keys.map((key) => 1 + (Number(key.slice(5)) % 3)))
  const csv = [...frameCsv(set.rows, { key: 'id', label: set.label, weight: set.weight })].join('')
  expect(csv.split('\n', 1)).toEqual(['id,plan.x,use.y,gone,plan.w'])

  // Other weights that came since change nothing of it, and make another version.
  const corrected = await oddMonth(loop.folder, 'corrected', weights('9.5'))
  await ingest(loop.ports, project, { dir: corrected, asOf: JANUARY, correction: true })
  expect(await rebuildTrainingSet(loop.ports, project, version)).toEqual(set)
})

it('a weight may be a feature as well, and need not be', async () => {
  const project = weighted({ sampleWeight: 'plan.w' }, ['plan.w', 'plan.x'])
  await ingest(loop.ports, project, { dir: await oddMonth(loop.folder, 'january', weights()), asOf: JANUARY })
  const { version } = await train(loop.ports, project, { asOf: JANUARY })
  const { rows } = await rebuildTrainingSet(loop.ports, project, version)
  expect(rows.spec.map(({ name }) => name)).toEqual(['plan.w', 'plan.x'])
  expect(rows.weight).toEqual(rows.columns[0])
})

it('a weight may be derived, so that it is always there, or of a view that is not online', async () => {
  const dir = await oddMonth(loop.folder, 'january', weights(''))
  const derived = oddProject({
    plan: { ...plans, w: f.optional(f.float()) },
    features: ['plan.x'],
    derived: { worth: ifNull('plan.w', 0.5) },
    model: { trainer: logistic, sampleWeight: 'derived.worth' },
  })
  await ingest(loop.ports, derived, { dir, asOf: JANUARY })
  const first = await train(loop.ports, derived, { asOf: JANUARY })
  const { rows } = await rebuildTrainingSet(loop.ports, derived, first.version)
  expect([...rows.weight!].sort()[0]).toBe(0.5)

  const offline = weighted({ sampleWeight: 'use.y' }, ['plan.x'])
  const views = { ...offline.featureViews, use: { ...offline.featureViews.use!, online: false } }
  const second = await train(loop.ports, { ...offline, featureViews: views }, { asOf: JANUARY })
  const set = await rebuildTrainingSet(loop.ports, offline, second.version)
  expect(set.rows.spec.map(({ name }) => name)).toEqual(['plan.x'])
  expect(set.rows.weight!.every((w) => w > 0 && w < 5)).toBe(true)
})

it.each([
  ['', 'null'],
  ['0', '0'],
  ['-2', '-2'],
])('a weight of "%s" is refused and named', async (written, value) => {
  const project = weighted({ sampleWeight: 'plan.w' })
  await ingest(loop.ports, project, { dir: await oddMonth(loop.folder, 'january', weights(written)), asOf: JANUARY })
  await expect(train(loop.ports, project, { asOf: JANUARY })).rejects.toMatchObject({
    code: 'sample_weight_invalid',
    details: { value, column: 'plan.w' },
  })
})

it.each([
  ['plan.kind', 'a category'],
  ['plan.none', 'is none'],
  ['plan.*', 'is none'],
])('a definition that weighs rows by %s is refused', (sampleWeight, told) => {
  expect(() => weighted({ sampleWeight })).toThrow(
    expect.objectContaining({ code: 'definition_invalid', message: expect.stringContaining(told) }),
  )
})

it('the loop searches, calibrates, chooses the threshold, promotes what is better and keeps how it was chosen', async () => {
  const search = tuned([logistic, tuned(gradientBoosting({ rounds: 30 }), { leaves: oneOf(3, 6) })], {
    trials: 4,
    folds: 3,
  })
  const project = oddProject({
    model: { trainer: calibrated(search, { method: 'platt', folds: 3 }), threshold: bestF1() },
  })
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  const outcome = await loop.run(
    project,
    await oddMonth(loop.folder, 'february', { seed: 2, law: 'y', shift: 5 }),
    FEBRUARY,
  )
  expect(outcome.decision?.outcome).toBe('promote')
  const champion = await loop.ports.registry.champion('odd_model')
  const version = await loop.ports.registry.version('odd_model', champion!.version)
  const header = artefactHeader(await loop.ports.artefacts.get(version!.artefact))
  expect(version!.trainer).toEqual(header.trainer)
  expect(header.trainer).toMatchObject({ kind: 'calibrated', trainer: { kind: 'tuned', found: { metric: 'auc' } } })
  expect(header.threshold).toBeGreaterThan(0)
  expect(header.calibration).toEqual({ kind: 'platt', of: 'logOdds' })
})
