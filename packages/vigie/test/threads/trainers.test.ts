import { afterAll, describe, expect, test } from 'vitest'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { computeMetric } from '../../src/domain/metrics/evaluate.ts'
import { parseArtefact } from '../../src/domain/model/artefact.ts'
import { scoreRow } from '../../src/domain/model/model.ts'
import { outputWidth, type Target } from '../../src/domain/model/target.ts'
import { bestF1 } from '../../src/domain/threshold.ts'
import {
  between,
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  oneOf,
  randomForest,
  type Trainer,
  tuned,
  wholeBetween,
} from '../../src/domain/trainer.ts'
import type { Compute, Tasks } from '../../src/ports/compute.ts'
import { fitInput, syntheticRows } from './synthetic-rows.ts'

const open: Compute[] = []
afterAll(async () => {
  await Promise.all(open.map((compute) => compute.close()))
})

function threads(count: number): Compute {
  const compute = workerThreads({ threads: count })
  open.push(compute)
  return compute
}

/** Many fits, on machines that do other things too. */
const PATIENT = { timeout: 120_000 }

const binary = syntheticRows(900, 4)
const { columns, keys } = binary
const known = (column: number, row: number): number => columns[column]![row]! || 0
/** The same rows with labels of other targets. */
const labels = {
  binary: binary.label,
  classes: Float64Array.from(keys, (_, row) => (binary.label[row] === 0 ? 0 : known(3, row) === 1 ? 1 : 2)),
  number: Float64Array.from(keys, (_, row) => 3 * known(0, row) - 20 * known(2, row) + 5 * binary.label[row]!),
}
const targets = {
  binary: { kind: 'binary', classes: ['no', 'yes'] },
  classes: { kind: 'classes', classes: ['a', 'b', 'c'] },
  number: { kind: 'number' },
} as const satisfies Record<string, Target>

function input(kind: Target['kind'], trainer: Trainer, more: Partial<Tasks['fit']['input']> = {}) {
  const rows: Frame = { ...binary, label: labels[kind] }
  return { ...fitInput(), trainer, rows, target: targets[kind], threshold: kind === 'binary' ? 0.5 : null, ...more }
}

const forest = randomForest({ trees: 20, minSamplesLeaf: 5 })
const boosting = gradientBoosting({ rounds: 20 })
const search = tuned(
  boosting,
  { leaves: wholeBetween(3, 12), learningRate: between(0.02, 0.2, 'log') },
  { trials: 5, folds: 3 },
)
const weight = Float64Array.from(keys, (_, row) => 1 + (row % 3))

describe('the bytes are the same with 1, 2 and 8 threads, and scores those of a walk', () => {
  test.each<[string, ReturnType<typeof input>]>([
    ['logistic regression', input('binary', logisticRegression({ classWeight: 'balanced' }))],
    ['logistic regression of several classes', input('classes', logisticRegression({ classWeight: { b: 3 } }))],
    ['linear regression', input('number', linearRegression())],
    ['weighted rows', input('binary', logisticRegression(), { rows: { ...binary, weight }, threshold: bestF1() })],
    ['a calibrated forest', input('binary', calibrated(forest, { folds: 3 }))],
    ['calibrated boosting', input('binary', calibrated(boosting, { method: 'platt' }), { threshold: bestF1() })],
    ['a calibrated forest of several classes', input('classes', calibrated(forest, { method: 'platt', folds: 3 }))],
    ['a search', input('binary', search)],
    [
      'a calibrated search among trainers',
      input('classes', calibrated(tuned([forest, search], { trials: 4, folds: 3 }))),
    ],
    ['a search for numbers', input('number', tuned([linearRegression(), forest], { folds: 3 }))],
  ])('%s', PATIENT, async (_, asked) => {
    const fits = []
    for (const count of [1, 2, 8]) fits.push(await threads(count).run('fit', asked))
    expect(new Set(fits.map(({ sha256 }) => sha256)).size).toBe(1)
    const [{ bytes, trainer, threshold }] = fits as [(typeof fits)[0]]
    const model = parseArtefact(bytes)
    expect(model.header).toMatchObject({ trainer, threshold, target: asked.target })
    const scores = await open.at(-1)!.run('score', { artefact: bytes, rows: asked.rows })
    const width = outputWidth(asked.target)
    const out = new Float64Array(width)
    for (let row = 0; row < 100; row++) {
      scoreRow(
        model,
        Float64Array.from(columns, (column) => column[row]!),
        out,
      )
      expect(scores.subarray(row * width, (row + 1) * width)).toEqual(out)
    }
  })
})

test(
  'a search keeps how it chose: all on the first fold, fewer on the next, the trainer as given to the end',
  PATIENT,
  async () => {
    const shares: number[] = []
    const { trainer } = await threads(2).run('fit', input('binary', search), (share) => shares.push(share))
    if (trainer.kind !== 'tuned') throw new Error('another trainer came back')
    const { trials, chosen, metric, trainer: best } = trainer.found!
    expect(metric).toBe('auc')
    expect(trials.map(({ folds }) => folds.length).sort()).toEqual([1, 1, 3, 3, 3])
    expect(trials[0]).toMatchObject({ candidate: 0, parameters: {} })
    expect(trials[0]!.folds).toHaveLength(3)
    expect(best).toEqual({ ...boosting, ...trials[chosen]!.parameters })
    const means = trials
      .filter(({ folds }) => folds.length === 3)
      .map(({ folds }) => folds.reduce((s, v) => s + v, 0) / 3)
    expect(trials[chosen]!.folds.reduce((s, v) => s + v, 0) / 3).toBe(Math.max(...means))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBeCloseTo(1, 12)
  },
)

test('calibration brings distorted probabilities back to the base rate, and leaves the ranks', PATIENT, async () => {
  const compute = threads(2)
  const rows = syntheticRows(4000, 9)
  const distorted = gradientBoosting({ rounds: 60, classWeight: { yes: 8 } })
  const judge = syntheticRows(4000, 10)
  const baseRate = judge.label.reduce((sum, y) => sum + y, 0) / judge.label.length
  const judged = async (trainer: Trainer) => {
    const { bytes } = await compute.run('fit', input('binary', trainer, { rows }))
    const scores = await compute.run('score', { artefact: bytes, rows: judge })
    const answers = { kind: 'binary', y: judge.label, scores } as const
    const mean = scores.reduce((sum, p) => sum + p, 0) / scores.length
    return { mean, auc: computeMetric('auc', answers), ece: computeMetric('ece', answers) }
  }
  const before = await judged(distorted)
  expect(Math.abs(before.mean - baseRate)).toBeGreaterThan(0.1)
  for (const method of ['isotonic', 'platt'] as const) {
    const after = await judged(calibrated(distorted, { method }))
    expect(Math.abs(after.mean - baseRate)).toBeLessThan(0.02)
    expect(after.ece).toBeLessThan(before.ece / 3)
    expect(Math.abs(after.auc - before.auc)).toBeLessThan(method === 'platt' ? 1e-12 : 0.01)
  }
})

test('a weight of a whole number counts as so many rows', PATIENT, async () => {
  const compute = threads(2)
  const repeated = keys.flatMap((_, row) => new Array<number>(weight[row]!).fill(row))
  const take = (values: Float64Array): Float64Array => Float64Array.from(repeated, (row) => values[row]!)
  // Standardising does not look at weights: complete columns that are as they are after repetition.
  const spec = [binary.spec[2]!]
  const column = columns[2]!.map((x) => x || 0)
  const plain = { spec, keys, columns: [column], label: labels.number, weight }
  const more = {
    spec,
    keys: repeated.map((row, i) => `${row}-${i}`),
    columns: [take(column)],
    label: take(labels.number),
  }
  const [weighted, longer] = await Promise.all(
    [plain, more].map(async (rows) => {
      const { bytes } = await compute.run('fit', input('number', linearRegression({ l2: 0 }), { rows }))
      return compute.run('score', { artefact: bytes, rows: plain })
    }),
  )
  for (let row = 0; row < 50; row++) expect(weighted![row]).toBeCloseTo(longer![row]!, 6)
})

test(
  'the threshold of the best F1 is chosen out of fold, and is better than one half where classes are uneven',
  PATIENT,
  async () => {
    const compute = threads(2)
    const { bytes, threshold } = await compute.run(
      'fit',
      input('binary', boosting, { threshold: bestF1({ folds: 4 }) }),
    )
    expect(parseArtefact(bytes).header.threshold).toBe(threshold)
    const judge = syntheticRows(2000, 11)
    const scores = await compute.run('score', { artefact: bytes, rows: judge })
    const f1 = (at: number): number => computeMetric('f1', { kind: 'binary', y: judge.label, scores, threshold: at })
    expect(f1(threshold!)).toBeGreaterThan(f1(0.5))
  },
)

test('a search that is cancelled ends, and the threads stay usable', PATIENT, async () => {
  const compute = threads(2)
  const stop = new AbortController()
  const long = tuned(gradientBoosting({ rounds: 3000 }), { leaves: oneOf(16, 31) }, { trials: 3 })
  const running = compute.run('fit', input('binary', long), undefined, stop.signal)
  setTimeout(() => stop.abort(), 300)
  await expect(running).rejects.toMatchObject({ code: 'run_cancelled' })
  expect((await compute.run('fit', input('binary', logisticRegression()))).bytes.length).toBeGreaterThan(0)
})

test('a trainer that is refused in a fold is refused with its reason', PATIENT, async () => {
  const unlucky = gradientBoosting({ rounds: 5, earlyStopping: { rounds: 5, fraction: 1e-12 } })
  const asked = input('binary', tuned(unlucky, { leaves: oneOf(4, 5) }))
  await expect(threads(2).run('fit', asked)).rejects.toMatchObject({ code: 'too_few_rows' })
})
