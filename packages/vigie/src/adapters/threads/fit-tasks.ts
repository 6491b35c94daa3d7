import { createHash } from 'node:crypto'
import type { Calibration } from '../../domain/calibration/calibration.ts'
import { calibrate } from '../../domain/calibration/calibration.ts'
import { fitCalibration } from '../../domain/calibration/fit-calibration.ts'
import { splitFold } from '../../domain/folds.ts'
import { fitLinear, type LinearRows } from '../../domain/linear/fit-linear.ts'
import type { Linear } from '../../domain/linear/linear.ts'
import { computeMetric } from '../../domain/metrics/evaluate.ts'
import { type About, encodeArtefact } from '../../domain/model/artefact.ts'
import { type Body, scoreColumns } from '../../domain/model/model.ts'
import { outputWidth, type Target } from '../../domain/model/target.ts'
import type { MetricName } from '../../domain/policy.ts'
import { bestF1Threshold } from '../../domain/threshold.ts'
import type { Calibrated, LinearRegression, LogisticRegression } from '../../domain/trainer.ts'
import { rowWeights } from '../../domain/trainers/row-weights.ts'
import { joinForests } from '../../domain/trees/forest.ts'
import type { FittedBody } from './fit-body.ts'
import type { TaskContext } from './serve.ts'
import { shareArrays } from './share.ts'

/** The parts of a fit that are the same for all trainers, each of which one thread does. */

export function fitLinearTask(
  input: {
    readonly trainer: LogisticRegression | LinearRegression
    readonly rows: LinearRows
    readonly target: Target
  },
  context: TaskContext,
): Linear {
  const { trainer, rows, target } = input
  const { label } = rows
  const weight =
    trainer.kind === 'logisticRegression' ? rowWeights(label, rows.weight, target, trainer.classWeight) : rows.weight
  // How many steps there will be nobody knows; it is near ten.
  return fitLinear({ ...rows, weight }, target, trainer, (done) => context.progress(done / (done + 4)))
}

/** Columns, labels and weights of some rows. */
export interface RowArrays {
  readonly columns: readonly Float64Array[]
  readonly label: Float64Array
  readonly weight: Float64Array | null
}

/** The rows of a fold and those of all others, in memory that threads share. */
export function takeFoldTask(input: { readonly rows: RowArrays; readonly foldOf: Uint8Array; readonly fold: number }): {
  readonly inside: RowArrays
  readonly outside: RowArrays
} {
  const { inside, outside } = splitFold(input.foldOf, input.fold)
  return { inside: taken(input.rows, inside), outside: taken(input.rows, outside) }
}

function taken({ columns, label, weight }: RowArrays, rows: Int32Array): RowArrays {
  const take = (source: Float64Array): Float64Array => {
    const out = new Float64Array(new SharedArrayBuffer(rows.length * 8))
    for (let i = 0; i < rows.length; i++) out[i] = source[rows[i]!]!
    return out
  }
  return { columns: columns.map(take), label: take(label), weight: weight && take(weight) }
}

/** Scores the rows of a fold by a model that was fitted without them, and computes the metric when one is asked for. */
export function judgeFoldTask(input: {
  readonly body: FittedBody
  readonly target: Target
  readonly rows: RowArrays
  readonly metric: MetricName | null
}): { readonly scores: Float64Array; readonly value: number | null } {
  const { target, rows, metric } = input
  const { columns, label: y, weight } = rows
  const scores = scoreColumns({ header: { target }, body: whole(input.body), calibration: null }, columns, y.length)
  const value =
    metric === null ? null : computeMetric(metric, { kind: target.kind, y, scores, weights: weight, threshold: 0.5 })
  return { scores: shareArrays(scores), value }
}

/** What the scores of all folds, in the order of the rows, say of calibration and threshold. */
export function settleTask(input: {
  readonly foldOf: Uint8Array
  /** Of the rows of each fold, in their order. */
  readonly scores: readonly Float64Array[]
  readonly label: Float64Array
  readonly weight: Float64Array | null
  readonly target: Target
  readonly calibration: { readonly method: Calibrated['method']; readonly of: 'score' | 'logOdds' } | null
  readonly bestF1: boolean
}): { readonly calibration: Calibration | null; readonly threshold: number | null } {
  const { foldOf, label, weight, target } = input
  const width = outputWidth(target)
  const scores = new Float64Array(label.length * width)
  for (const [fold, ofFold] of input.scores.entries()) {
    for (const [i, row] of splitFold(foldOf, fold).inside.entries()) {
      scores.set(ofFold.subarray(i * width, (i + 1) * width), row * width)
    }
  }
  const calibration =
    input.calibration && fitCalibration(input.calibration.method, input.calibration.of, scores, label, weight, target)
  if (calibration) for (let row = 0; row < label.length; row++) calibrate(calibration, scores, row * width, width)
  return { calibration, threshold: input.bestF1 ? bestF1Threshold(label, scores, weight) : null }
}

export function assembleTask(
  input: { readonly about: About; readonly body: FittedBody; readonly calibration: Calibration | null },
  context: TaskContext,
): { readonly bytes: Uint8Array; readonly sha256: string } {
  const bytes = encodeArtefact(input.about, whole(input.body), input.calibration)
  context.transfer(bytes.buffer)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function whole(body: FittedBody): Body {
  if (body.kind === 'linear') return body
  return { kind: 'forest', forest: joinForests(body.parts, body.parts[0]?.objective) }
}
