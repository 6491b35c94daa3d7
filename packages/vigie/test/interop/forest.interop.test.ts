import { afterAll, describe, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { type Frame, takeRows } from '../../src/domain/frame.ts'
import { splitByHoldout } from '../../src/domain/holdout.ts'
import { auc } from '../../src/domain/metrics/auc.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { randomForest } from '../../src/domain/trainer.ts'
import { ask, noPeers } from './peers.ts'
import { simulatedMonths } from './simulated-months.ts'

const SEEDS = [1, 2, 3, 4, 5]
const TREES = 300

/** Rows as scikit-learn reads them: each category a column of its own, null as NaN. */
function oneHot({ spec, columns, keys }: Frame): (number | null)[][] {
  return keys.map((_, i) =>
    columns.flatMap((column, f) => {
      const { categories } = spec[f]!
      return categories ? categories.map((_, code) => Number(code === column[i])) : [column[i]!]
    }),
  )
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1)

describe.skipIf(noPeers)('the forest', () => {
  const months = simulatedMonths({ users: 7043 })
  const compute = workerThreads()
  afterAll(() => compute.close())

  async function aucOfOurs(seed: number, training: Frame, heldOut: Frame): Promise<number> {
    const { bytes } = await compute.run('fit', {
      trainer: randomForest({ trees: TREES, classWeight: 'balanced', seed }),
      rows: training,
      threshold: 0.5,
      target: TRUE_OR_FALSE,
      trainingRowsHash: '00'.repeat(32),
      definitionHash: '00'.repeat(32),
    })
    return auc(heldOut.label!, await compute.run('score', { artefact: bytes, rows: heldOut }))
  }

  test.each([
    { month: 'month_000', law: 'tenure' },
    { month: 'month_004', law: 'friction' },
  ])('ranks like RandomForestClassifier under the law of $law, but for the noise of its seeds', async ({ month }) => {
    const rows = await months.frame(month)
    const split = splitByHoldout(rows.keys, project.model.holdout)
    const training = takeRows(rows, split.training)
    const heldOut = takeRows(rows, split.heldOut)
    const ours: number[] = []
    for (const seed of SEEDS) ours.push(await aucOfOurs(seed, training, heldOut))
    const theirs = await ask<number[]>('forest.py', {
      x: oneHot(training),
      y: [...training.label!],
      xTest: oneHot(heldOut),
      yTest: [...heldOut.label!],
      seeds: SEEDS,
      trees: TREES,
    })
    const noise = Math.sqrt((variance(ours) + variance(theirs)) / SEEDS.length)
    expect(Math.abs(mean(ours) - mean(theirs)), `ours ${ours}, theirs ${theirs}`).toBeLessThan(3 * noise)
    expect(noise).toBeLessThan(0.002)
  })
})
