import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { asOf } from '../../src/domain/as-of.ts'
import { difference, ratio } from '../../src/index.ts'
import { answerThen } from '../../src/loop/counterfactual.ts'
import { labelledRows, split } from '../../src/loop/dataset.ts'
import { explanationOf } from '../../src/loop/explain.ts'
import { explainRow } from '../../src/loop/explain-row.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { versionReader } from '../../src/loop/version-reader.ts'
import { renderExplanation } from '../../src/report/explanation/render.ts'
import { loopForTests } from './loop-for-tests.ts'
import { oddMonth } from './odd-months.ts'
import { oddProject } from './odd-project.ts'

const loop = loopForTests()
const [JANUARY, FEBRUARY] = [asOf('2024-01-31'), asOf('2024-02-29')]

it('a version is explained on its training rows, by models that did not see them; twice the same', async () => {
  const project = oddProject()
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  const { ports } = loop
  const explanation = await explanationOf(ports, project, 1)
  const version = (await ports.registry.version(project.model.name, 1))!
  expect(explanation.rows).toMatchObject({ asOf: JANUARY, all: version.trainingRows, trainedOn: true })
  expect(explanation.shuffled).toMatchObject({ metric: project.promotion.metric, refits: 3, repetitions: 5 })
  expect(explanation.features.map(({ name }) => name).sort()).toEqual(
    project.model.features.map(({ name }) => name).sort(),
  )
  expect(explanation.features.reduce((sum, { gain }) => sum + gain!, 0)).toBeCloseTo(1, 9)
  const losses = explanation.features.map(({ loss }) => loss!.estimate)
  expect(losses).toEqual(losses.toSorted((a, b) => b - a))
  for (const { loss, size } of explanation.features) {
    expect(loss!.low).toBeLessThanOrEqual(loss!.estimate)
    expect(size.low).toBeLessThanOrEqual(size.estimate)
  }
  expect(await explanationOf(ports, project, 1)).toEqual(explanation)

  const html = renderExplanation(explanation)
  for (const { name } of explanation.features) expect(html.replaceAll('<wbr>', '')).toContain(name)
  expect(html).not.toMatch(/NaN|undefined|Infinity/)
})

it('rows of another date are judged by the version itself, and never those that are held out', async () => {
  const project = oddProject()
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  const { ports } = loop
  await ingest(ports, project, { dir: await oddMonth(loop.folder, 'february', { seed: 2 }), asOf: FEBRUARY })
  const explanation = await explanationOf(ports, project, 1, { asOf: FEBRUARY, repetitions: 2 })
  const { training } = split(await labelledRows(ports, project, FEBRUARY), project.model.holdout)
  expect(explanation.rows).toMatchObject({ asOf: FEBRUARY, all: training.rows.keys.length, trainedOn: false })
  expect(explanation.shuffled).toMatchObject({ refits: 0, rows: training.rows.keys.length })
})

it('features that say the same in part are also shuffled together', async () => {
  const project = oddProject({
    features: ['plan.*', 'use.*', 'derived.*'],
    derived: { share: ratio('plan.x', 'plan.k'), change: difference('use.y') },
  })
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  const { groups } = await explanationOf(loop.ports, project, 1, { repetitions: 2 })
  expect(groups.map(({ features }) => features.toSorted())).toEqual([
    ['derived.share', 'plan.k', 'plan.x'],
    ['derived.change', 'use.y'],
  ])
})

it('one answer is explained from what was known then, and adds up', async () => {
  const project = oddProject()
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  const reader = await versionReader(loop.ports, project, 1)
  const when = { at: JANUARY, knownAt: null }
  const found = await answerThen(loop.ports, project, { reader, key: 'item-0007', when })
  const { columns, features, prediction } = found
  const row = reader.reading.translate(features.values)
  const told = await explainRow(reader.model.model, row, { columns, shown: features.values }, nextTurn)
  const total = told.contributions.reduce((sum, { contribution }) => sum + contribution, told.base)
  expect(total).toBeCloseTo(told.score, 12)
  expect(told.space).toBe('probability')
  expect(told.score).toBeCloseTo((prediction as { probability: number }).probability, 9)
})

it('of a version that was trained elsewhere nobody claims that it had not seen the rows', async () => {
  const project = oddProject()
  await loop.run(project, await oddMonth(loop.folder, 'january'), JANUARY)
  const { ports } = loop
  const { version: _, ...own } = (await ports.registry.version(project.model.name, 1))!
  const foreign = await ports.registry.createVersion({ ...own, trainingSet: null }, 'from elsewhere')
  const explanation = await explanationOf(ports, project, foreign.version, { repetitions: 2 })
  expect(explanation).toMatchObject({ rows: { asOf: JANUARY, trainedOn: null }, shuffled: { refits: 0 } })
  expect(renderExplanation(explanation)).toContain('on rows that it may have seen')
})
