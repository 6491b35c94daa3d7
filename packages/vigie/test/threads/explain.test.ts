import { afterAll, expect, test } from 'vitest'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { parseArtefact } from '../../src/domain/model/artefact.ts'
import { scoreColumns } from '../../src/domain/model/model.ts'
import { type Target, TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import {
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  randomForest,
  type Trainer,
} from '../../src/domain/trainer.ts'
import { syntheticRows } from './synthetic-rows.ts'

const one = workerThreads({ threads: 1 })
const three = workerThreads({ threads: 3 })
afterAll(() => Promise.all([one.close(), three.close()]))

const rows = syntheticRows(500, 4)
const classes: Target = { kind: 'classes', classes: ['a', 'b', 'c'] }
const number: Target = { kind: 'number' }
const byClass = { ...rows, label: rows.columns[3]!.map((x, i) => (Number.isNaN(x) ? i % 3 : x)) }
const byNumber = { ...rows, label: rows.columns[0]!.map((x) => (Number.isNaN(x) ? 0 : x / 10)) }

async function fitted(trainer: Trainer, target: Target): Promise<Uint8Array> {
  const labelled = target.kind === 'binary' ? rows : target.kind === 'classes' ? byClass : byNumber
  const threshold = target.kind === 'binary' ? 0.5 : null
  const hashes = { trainingRowsHash: '0'.repeat(64), definitionHash: '0'.repeat(64) }
  return (await three.run('fit', { trainer, rows: labelled, target, threshold, ...hashes })).bytes
}

const logOdds = (p: number) => Math.log(p / (1 - p))

test.each<[string, Trainer, Target, string]>([
  ['random forest', randomForest({ trees: 20 }), TRUE_OR_FALSE, 'probability'],
  ['random forest of classes', randomForest({ trees: 20 }), classes, 'probability'],
  ['random forest of numbers', randomForest({ trees: 20 }), number, 'number'],
  ['boosting', gradientBoosting({ rounds: 20 }), TRUE_OR_FALSE, 'log_odds'],
  ['boosting of classes', gradientBoosting({ rounds: 20 }), classes, 'log_odds'],
  ['boosting of numbers', gradientBoosting({ rounds: 20 }), number, 'number'],
  ['logistic regression', logisticRegression(), TRUE_OR_FALSE, 'log_odds'],
  ['logistic regression of classes', logisticRegression(), classes, 'log_odds'],
  ['linear regression', linearRegression(), number, 'number'],
])('%s: base and contributions of every row add up to its raw score', async (_, trainer, target, space) => {
  const artefact = await fitted(trainer, target)
  const told = await three.run('explain', { artefact, rows, most: { rows: 100, visits: 1e9 } })
  expect(told).toMatchObject({ space, beforeCalibration: false })
  const scores = scoreColumns(parseArtefact(artefact), rows.columns, 500)
  const outputs = told.bases.length
  const width = rows.spec.length
  expect(told.rows).toHaveLength(100)
  for (const [i, row] of told.rows.entries()) {
    const raw = Array.from(told.bases, (base, k) =>
      told.phi.subarray((i * outputs + k) * width, (i * outputs + k + 1) * width).reduce((sum, x) => sum + x, base),
    )
    const answers = scores.subarray(row * outputs, (row + 1) * outputs)
    if (space !== 'log_odds') raw.forEach((score, k) => void expect(score).toBeCloseTo(answers[k]!, 9))
    else if (outputs === 1) expect(raw[0]).toBeCloseTo(logOdds(answers[0]!), 9)
    else for (let k = 1; k < outputs; k++) expect(raw[k]! - raw[0]!).toBeCloseTo(Math.log(answers[k]! / answers[0]!), 8)
  }
})

test('a calibrated model is explained before its calibration, and says so', async () => {
  const plain = await fitted(gradientBoosting({ rounds: 20 }), TRUE_OR_FALSE)
  const artefact = await fitted(
    calibrated(gradientBoosting({ rounds: 20 }), { method: 'platt', folds: 3 }),
    TRUE_OR_FALSE,
  )
  const most = { rows: 20, visits: 1e9 }
  const told = await three.run('explain', { artefact, rows, most })
  expect(told).toMatchObject({ space: 'log_odds', beforeCalibration: true })
  expect(told.phi).toEqual((await three.run('explain', { artefact: plain, rows, most })).phi)
})

test('what is lost without features does not depend on the number of threads', async () => {
  const artefact = await fitted(randomForest({ trees: 10 }), classes)
  const units = rows.spec.map((_, f) => ({ number: f, features: [f] }))
  const input = { parts: [{ artefact, rows: byClass }], metric: 'logLoss', units, repetitions: 3, seed: 1 } as const
  const lost = await three.run('shuffle', input)
  expect(lost).toEqual(await one.run('shuffle', input))
  const ofFeature = (f: number) => lost.shuffled[3 * f]! - lost.value
  expect(ofFeature(3)).toBeGreaterThan(5 * Math.abs(ofFeature(2)))
})
