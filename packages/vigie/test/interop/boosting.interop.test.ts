import { afterAll, describe, expect, test } from 'vitest'
import project from '../../../../examples/streamflow/vigie.config.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import { type Frame, takeRows } from '../../src/domain/frame.ts'
import { splitByHoldout } from '../../src/domain/holdout.ts'
import { auc } from '../../src/domain/metrics/auc.ts'
import { TRUE_OR_FALSE } from '../../src/domain/model/target.ts'
import { seededRandom } from '../../src/domain/random.ts'
import { type GradientBoosting, gradientBoosting } from '../../src/domain/trainer.ts'
import { ask, noPeers } from './peers.ts'
import { simulatedMonths } from './simulated-months.ts'

interface Answer {
  readonly scikitLearn: readonly number[]
  readonly lightgbm: readonly number[]
}

/** Rows of 97 whole numbers a feature, which every program bins alike, some null, with a label that depends on them. */
function wholeNumbers(rows: number, nulls: number): Frame & { readonly label: Float64Array } {
  const random = seededRandom(5)
  const columns = Array.from({ length: 6 }, () =>
    Float64Array.from({ length: rows }, () => (random.unit() < nulls ? Number.NaN : random.below(97))),
  )
  const label = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c, d] = columns.map((column) => column[i]!) as [number, number, number, number]
    const logit = (c > 50 ? 1.5 : 0) + (Number.isNaN(d) ? 2 : d / 65) + ((a * 7) % 5) / 2 - (b > 60 ? 1 : 0) - 2
    return random.unit() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  })
  const names = columns.map((_, f) => `f${f}`)
  const spec = names.map((feature) => ({
    name: `v.${feature}`,
    view: 'v',
    feature,
    type: 'int' as const,
    optional: true,
  }))
  return { spec, keys: Array.from({ length: rows }, (_, i) => `k${i}`), columns, label }
}

const rowsOf = ({ keys, columns }: Frame): number[][] => keys.map((_, i) => columns.map((column) => column[i]!))

function question(trainer: GradientBoosting, training: Frame, asked: Frame) {
  const categories = training.spec.flatMap(({ type }, f) => (type === 'category' ? [f] : []))
  return { trainer, categories, x: rowsOf(training), y: [...training.label!], xTest: rowsOf(asked) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe.skipIf(noPeers)('boosting', () => {
  const months = simulatedMonths({ users: 7043 })
  const compute = workerThreads()
  afterAll(() => compute.close())

  async function ours(trainer: GradientBoosting, training: Frame, asked: Frame): Promise<Float64Array> {
    const { bytes } = await compute.run('fit', {
      trainer,
      rows: training,
      threshold: 0.5,
      target: TRUE_OR_FALSE,
      trainingRowsHash: '00'.repeat(32),
      definitionHash: '00'.repeat(32),
    })
    return compute.run('score', { artefact: bytes, rows: asked })
  }

  test.each([
    { nulls: 0, l2: 0 },
    { nulls: 0, l2: 5 },
    { nulls: 0.15, l2: 5 },
  ])(
    'grows the 20 trees of HistGradientBoostingClassifier, a share of $nulls being null, l2 $l2',
    async ({ nulls, l2 }) => {
      const rows = wholeNumbers(4000, nulls)
      const trainer = gradientBoosting({ rounds: 20, learningRate: 0.1, leaves: 31, l2 })
      const [theirs] = await ask<[Answer]>('boosting.py', [question(trainer, rows, rows)])
      const scores = await ours(trainer, rows, rows)
      // scikit-learn keeps its gradients as float32.
      scores.forEach((score, i) => void expect(Math.abs(score - theirs.scikitLearn[i]!)).toBeLessThan(1e-6))
    },
  )

  test.each([0, 0.15])('grows the first tree of LightGBM, a share of %d being null', async (nulls) => {
    const rows = wholeNumbers(4000, nulls)
    const trainer = gradientBoosting({ rounds: 1, leaves: 31 })
    const [theirs] = await ask<[Answer]>('boosting.py', [question(trainer, rows, rows)])
    const scores = await ours(trainer, rows, rows)
    scores.forEach((score, i) => void expect(Math.abs(score - theirs.lightgbm[i]!)).toBeLessThan(1e-6))
  })

  test.each([
    { month: 'month_000', law: 'tenure' },
    { month: 'month_004', law: 'friction' },
  ])('ranks like LightGBM and scikit-learn on held-out rows under the law of $law', async ({ month }) => {
    const rows = await months.frame(month)
    const split = splitByHoldout(rows.keys, project.model.holdout)
    const training = takeRows(rows, split.training)
    const heldOut = takeRows(rows, split.heldOut)
    // scikit-learn draws no rows, so its one score is for all seeds.
    const trainers = [1, 2, 3, 4, 5].map((seed) =>
      gradientBoosting({ rounds: 60, leaves: 8, learningRate: 0.05, rowFraction: 0.8, seed }),
    )
    const theirs = await ask<Answer[]>(
      'boosting.py',
      trainers.map((trainer) => question(trainer, training, heldOut)),
    )
    const aucOf = (scores: ArrayLike<number>): number => auc(heldOut.label!, Float64Array.from(scores))
    const mine: number[] = []
    for (const trainer of trainers) mine.push(aucOf(await ours(trainer, training, heldOut)))
    const lightgbm = theirs.map((answer) => aucOf(answer.lightgbm))
    const scikitLearn = aucOf(theirs[0]!.scikitLearn)
    const said = `ours ${mine}, LightGBM ${lightgbm}, scikit-learn ${scikitLearn}`
    expect(Math.abs(mean(mine) - mean(lightgbm)), said).toBeLessThan(0.003)
    expect(Math.abs(mean(mine) - scikitLearn), said).toBeLessThan(0.005)
  })
})
