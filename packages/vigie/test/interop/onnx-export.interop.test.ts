import { afterAll, describe, expect, test } from 'vitest'
import { exportOnnx } from '../../src/adapters/onnx/export-model.ts'
import { workerThreads } from '../../src/adapters/threads/threads.ts'
import type { Frame } from '../../src/domain/frame.ts'
import { parseArtefact } from '../../src/domain/model/artefact.ts'
import { type Model, scoreColumns } from '../../src/domain/model/model.ts'
import type { Target } from '../../src/domain/model/target.ts'
import { seededRandom } from '../../src/domain/random.ts'
import {
  calibrated,
  gradientBoosting,
  linearRegression,
  logisticRegression,
  randomForest,
  type Trainer,
} from '../../src/domain/trainer.ts'
import { CATEGORY, LEAF } from '../../src/domain/trees/packed.ts'
import { SPEC, targetOf } from './model-rows.ts'
import { ask, noPeers } from './peers.ts'

type Answers = { readonly probabilities?: number[][]; readonly label?: number[]; readonly prediction?: number[][] }

/** Rows of float32, so that they are the same to everyone; some null, and a label that depends on them. */
function rowsFor(kind: Target['kind'], rows: number): Frame & { readonly label: Float64Array } {
  const random = seededRandom(11)
  const orNull = (value: number): number => (random.unit() < 0.1 ? Number.NaN : value)
  const columns = [
    Float64Array.from({ length: rows }, () => orNull(Math.fround(random.unit() * 80 - 40))),
    Float64Array.from({ length: rows }, () => orNull(random.below(6))),
    Float64Array.from({ length: rows }, () => orNull(Math.fround(Math.exp(random.unit() * 3)))),
    Float64Array.from({ length: rows }, () => orNull(random.below(4))),
    Float64Array.from({ length: rows }, () => orNull(random.below(2))),
  ]
  const label = Float64Array.from({ length: rows }, (_, i) => {
    const [age, visits, fee, plan, active] = columns.map((column) => column[i]!) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const signal =
      (age || 0) / 20 +
      ((plan * 7) % 4 || 0) / 3 -
      (visits === 0 ? 1 : 0) +
      (fee || 9) / 20 -
      (active || 0) +
      random.unit() * 2
    if (kind === 'number') return signal * 1000
    return kind === 'binary' ? Number(signal > 1) : Number(signal > 0) + Number(signal > 2)
  })
  return { spec: SPEC, keys: Array.from({ length: rows }, (_, i) => `k${i}`), columns, label }
}

/** The rows with many values exactly at a threshold of the model, or the float32 beside it. */
function atThresholds({ body }: Model, columns: readonly Float64Array[]): readonly Float64Array[] {
  if (body.kind !== 'forest') return columns
  const { words, values } = body.forest
  const random = seededRandom(3)
  const asked = columns.map((column) => column.slice())
  for (let node = 0; node < words.length / 4; node++) {
    const split = words[4 * node + 2]!
    if (split === LEAF || split & CATEGORY) continue
    const column = asked[split & 0xffff]!
    const at = Math.fround(values[2 * node]!)
    // One that parts null from all else is beyond float32.
    if (Number.isFinite(at)) column[random.below(column.length)] = at
  }
  return asked
}

const forests = { trees: 60, seed: 4 }
const cases: readonly { readonly kind: Target['kind']; readonly trainer: Trainer }[] = [
  { kind: 'binary', trainer: randomForest(forests) },
  { kind: 'binary', trainer: gradientBoosting({ rounds: 100, leaves: 20 }) },
  { kind: 'binary', trainer: logisticRegression() },
  { kind: 'binary', trainer: calibrated(randomForest(forests), { method: 'isotonic', folds: 3 }) },
  { kind: 'binary', trainer: calibrated(gradientBoosting({ rounds: 30 }), { method: 'platt', folds: 3 }) },
  { kind: 'classes', trainer: randomForest(forests) },
  { kind: 'classes', trainer: gradientBoosting({ rounds: 40 }) },
  { kind: 'classes', trainer: logisticRegression() },
  { kind: 'classes', trainer: calibrated(randomForest(forests), { method: 'isotonic', folds: 3 }) },
  { kind: 'number', trainer: randomForest(forests) },
  { kind: 'number', trainer: gradientBoosting({ rounds: 60 }) },
  { kind: 'number', trainer: linearRegression() },
]

describe.skipIf(noPeers)('a model exported to ONNX', () => {
  const compute = workerThreads({ threads: 2 })
  afterAll(() => compute.close())

  test.each(cases)('is answered by onnxruntime as by us, to 1e-6: $kind, $trainer.kind', async ({ kind, trainer }) => {
    const rows = rowsFor(kind, 2000)
    const target = targetOf(kind)
    const threshold = kind === 'binary' ? 0.4 : null
    const fitted = await compute.run('fit', {
      trainer,
      rows,
      target,
      threshold,
      trainingRowsHash: '00'.repeat(32),
      definitionHash: '00'.repeat(32),
    })
    const model = parseArtefact(fitted.bytes)
    const columns = atThresholds(model, rows.columns)
    const file = exportOnnx(model, { name: 'churn', version: 3, sha256: fitted.sha256 })
    const asked = {
      model: Buffer.from(file).toString('base64'),
      rows: rows.keys.map((_, i) => columns.map((column) => column[i]!)),
    }
    const [answers] = await ask<[Answers]>('onnx_answers.py', [asked], 'models')
    const ours = scoreColumns(model, columns, rows.keys.length)
    const theirs = (answers.prediction ?? answers.probabilities!).flatMap((row) =>
      kind === 'binary' ? row.slice(1) : row,
    )
    expect(theirs).toHaveLength(ours.length)
    const scale = Math.max(1, ...ours.map(Math.abs))
    theirs.forEach((value, i) => void expect(Math.abs(value - ours[i]!) / scale).toBeLessThan(1e-6))
    if (kind === 'binary') expect(answers.label).toEqual([...ours].map((p) => Number(p > 0.4)))
  })
})
