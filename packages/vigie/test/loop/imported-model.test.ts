import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import streamflow from '../../../../examples/streamflow/vigie.config.ts'
import { readModelFile } from '../../src/cli/commands/model/read-model-file.ts'
import { readExpected, readRecords } from '../../src/cli/commands/model/records.ts'
import { asOf } from '../../src/domain/as-of.ts'
import { featureInputs } from '../../src/domain/interchange/feature-inputs.ts'
import { packTrees } from '../../src/domain/interchange/pack-trees.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { labelledRows, split } from '../../src/loop/dataset.ts'
import { decide } from '../../src/loop/decide.ts'
import { evaluate } from '../../src/loop/evaluate.ts'
import { exportModel } from '../../src/loop/export-model.ts'
import { ingest } from '../../src/loop/ingest.ts'
import { scoringModel } from '../../src/loop/predict.ts'
import { promote } from '../../src/loop/promote.ts'
import { registerModel } from '../../src/loop/register-model.ts'
import { smallMonths } from '../small-months.ts'
import { loopForTests } from './loop-for-tests.ts'

const loop = loopForTests()
const JANUARY = asOf('2024-01-31')
const models = path.join(import.meta.dirname, '../fixtures/models')
const { features } = streamflow.model

it('a model of LightGBM is held until its training keys are given, then promoted, and answers as LightGBM does', async () => {
  const { ports } = loop
  const months = await smallMonths(path.join(loop.folder, 'months'))
  await ingest(ports, streamflow, { dir: path.join(months, 'month_000'), asOf: JANUARY, correction: false })
  const file = readFileSync(path.join(models, 'lightgbm-4.7.0.txt'))
  const foreign = readModelFile('model.txt', file)
  const version = {
    origin: {
      kind: 'imported',
      tool: foreign.tool,
      version: foreign.version,
      sha256: createHash('sha256').update(file).digest('hex'),
    },
    body: { kind: 'forest', forest: packTrees(foreign, featureInputs(foreign.inputs, features), features) },
    asOf: JANUARY,
  } as const
  const compared = async (challenger: number) =>
    decide(ports, streamflow, await evaluate(ports, streamflow, { asOf: JANUARY, challenger }))

  const unknown = await registerModel(ports, streamflow, { ...version, trainedOn: null })
  expect(await compared(unknown.version)).toMatchObject({ outcome: 'hold' })

  const { training } = split(await labelledRows(ports, streamflow, JANUARY), streamflow.model.holdout)
  const trainedOn = { keys: training.rows.keys, baseRate: null }
  const known = await registerModel(ports, streamflow, { ...version, trainedOn })
  expect(known.version).toBe(unknown.version + 1)
  expect(await registerModel(ports, streamflow, { ...version, trainedOn })).toEqual(known)
  expect(known.trainingBaseRate).toBeCloseTo(
    training.rows.label.reduce((sum, y) => sum + y, 0) / training.rows.keys.length,
  )

  const decided = await compared(known.version)
  expect(decided).toMatchObject({ outcome: 'promote' })
  const champion = await promote(ports, streamflow, { decision: decided.id, actor: 'test' })
  expect(champion.version).toBe(known.version)
  expect((await exportModel(ports, streamflow, known.version)).model.header.trainer).toEqual(version.origin)

  const served = await scoringModel(await ports.artefacts.get(champion.artefact), async () => undefined)
  const records = readRecords(path.join(models, 'rows.csv'), features)
  const expected = readExpected(path.join(models, 'lightgbm-4.7.0.csv'), TRUE_OR_FALSE)
  expected.forEach((answer, i) => {
    const [ours] = served.answers(Float64Array.from(records, (column) => column[i]!))
    expect(Math.abs(ours! - answer)).toBeLessThan(1e-12)
  })
})
