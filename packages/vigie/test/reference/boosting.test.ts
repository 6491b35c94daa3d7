import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { type Frame, takeRows } from '../../src/domain/frame.ts'
import { splitByHoldout } from '../../src/domain/holdout.ts'
import { auc } from '../../src/domain/metrics/auc.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { gradientBoosting } from '../../src/domain/trainer.ts'
import { sharedPath } from '../shared.ts'
import { streamflowMonths } from './streamflow-months.ts'

const months = streamflowMonths()
const compute = workerThreads()
afterAll(() => compute.close())

/** What the default trainer, fitted on some rows, ranks others at. */
async function aucOf(frame: Frame, training: ArrayLike<number>, asked: ArrayLike<number>): Promise<number> {
  const { bytes } = await compute.run('fit', {
    trainer: gradientBoosting(),
    rows: takeRows(frame, training),
    threshold: 0.5,
    target: TRUE_OR_FALSE,
    trainingRowsHash: '00'.repeat(32),
    definitionHash: '00'.repeat(32),
  })
  const rows = takeRows(frame, asked)
  return auc(rows.label!, await compute.run('score', { artefact: bytes, rows }))
}

// AUCs of LightGBM 4.7.0 and scikit-learn 1.9.1 (HistGradientBoostingClassifier) on the same rows, with 200 trees of 8
// leaves and a learning rate of 0.03.
test.skipIf(!months).each([
  ['reference', 'm0_seed42.csv', 0.8311, 0.8319],
  ['current', 'm1_seed42.csv', 0.6725, 0.6742],
] as const)(
  'on the %s month boosting ranks as well as LightGBM and scikit-learn',
  async (month, file, lightgbm, scikitLearn) => {
    const frame = months![month]
    const row = new Map(frame.keys.map((key, i) => [key, i]))
    const parts = { train: [] as number[], val: [] as number[] }
    for (const line of readFileSync(sharedPath('golden', 'splits', file)!, 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)) {
      const [key, , , part] = line.split(',') as [string, string, string, string]
      parts[part === 'train' ? 'train' : 'val'].push(row.get(key)!)
    }
    const ours = await aucOf(frame, parts.train, parts.val)
    for (const theirs of [lightgbm, scikitLearn]) expect(Math.abs(ours - theirs)).toBeLessThan(0.003)
  },
)

test.skipIf(!months).each([
  ['reference', 0.822],
  ['current', 0.665],
] as const)('on the holdout of the %s month the defaults rank better than %d', async (month, least) => {
  const frame = months![month]
  const { training, heldOut } = splitByHoldout(frame.keys, project.model.holdout)
  expect(await aucOf(frame, training, heldOut)).toBeGreaterThan(least)
})
